"""What pillow reads, as arrays."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from segmend.core.extras import need
from segmend.core.types import IntArray
from segmend.errors import InputError
from segmend.formats.base import Image
from segmend.formats.decoded import decoded

EXTRA = "image"

GRAY, COLOURS = ("gray",), ("red", "green", "blue")

MODES = {"1": "1", "L": "L", "LA": "L", "I;16": "I;16", "RGB": "RGB", "RGBA": "RGB", "P": "RGB", "CMYK": "RGB"}
"""What each kind of pixel becomes; an alpha channel is dropped."""

MASKS = ("1", "L", "P", "I;16")

FAULTS = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error, zlib.error)
"""How pillow refuses what is damaged."""


def open_image(path: Path, kind: str) -> Image:
    """The image of a file that pillow reads.

    Args:
        path: the file.
        kind: pillow's name of the format.

    Raises:
        InputError: not of this format, damaged, or pixels of a kind that is not read.
        MissingDependencyError: pillow is not installed.
    """
    mode, (height, width) = _head(path, kind)
    if mode not in MODES:
        raise InputError(f"{path}: expected grey or colours of at most 8 bits, or 16 bits grey. Received mode {mode}")
    target = MODES[mode]
    channels = COLOURS if target == "RGB" else GRAY
    shape = (height, width, len(channels))
    return Image(decoded(shape, _dtype(target), partial(_pixels, path, kind, target, shape)), channels)


def open_mask(path: Path, kind: str) -> IntArray:
    """The numbers of a file that pillow reads.

    Args:
        path: the file.
        kind: pillow's name of the format.

    Raises:
        InputError: as for ``open_image``; or the pixels are colours.
        MissingDependencyError: pillow is not installed.
    """
    mode, shape = _head(path, kind)
    if mode not in MASKS:
        raise InputError(f"{path}: expected one number for each pixel (grey or a palette). Received mode {mode}")
    return decoded(shape, _dtype(mode), partial(_pixels, path, kind, mode, shape))


def _dtype(mode: str) -> npt.DTypeLike:
    return np.uint16 if mode == "I;16" else np.uint8


def _head(path: Path, kind: str) -> tuple[str, tuple[int, int]]:
    with _opened(path, kind) as image:
        return image.mode, (image.height, image.width)


def _pixels(path: Path, kind: str, mode: str, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    with _opened(path, kind) as image:
        pixels = np.asarray(image if image.mode == mode else image.convert(mode))
    if pixels.size != np.prod(shape):
        raise InputError(f"{path}: expected {shape} pixels, as when it was loaded. Received {pixels.shape}")
    return pixels.reshape(shape).astype(_dtype(mode), copy=False)


@contextmanager
def _opened(path: Path, kind: str) -> Iterator[Any]:
    """The file as pillow's image, whose every complaint names the file."""
    pillow = need("PIL.Image", EXTRA, path)
    try:
        with pillow.open(path, formats=(kind,)) as image:
            yield image
    except pillow.DecompressionBombError:
        most = 2 * pillow.MAX_IMAGE_PIXELS
        raise InputError(f"{path}: expected at most {most} pixels, which pillow takes. Received more") from None
    except InputError:
        raise
    except FAULTS as error:
        fault = "another format, or a damaged file" if isinstance(error, pillow.UnidentifiedImageError) else error
        raise InputError(f"{path}: expected a whole {kind} image. Received: {fault!s:.200}") from None
