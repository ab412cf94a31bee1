"""PNG images and masks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

import numpy as np

from segmend.core.extras import need
from segmend.core.types import IntArray
from segmend.errors import InputError
from segmend.formats import pillow
from segmend.formats.base import Image, ImageFormat
from segmend.formats.decoded import decoded

MAGIC = b"\x89PNG\r\n\x1a\n"
DEPTH, COLOUR_TYPE = 24, 25
"""Bytes of the file that hold the bits of a sample and the kind of pixel."""

GRAY = 0

FIT = (("uint8", (1,)), ("uint16", (1,)), ("uint8", (3,)))
"""Types and channels that are written."""


class Png(ImageFormat):
    """PNG of 1 to 8 bits, and of 16 bits in grey: (height, width, 1), or (height, width, 3) of colours and palettes.

    An alpha channel is dropped. In masks a palette gives its indices, and 1, 2 and 4 bits give the stored numbers.
    """

    name: ClassVar[str] = "png"
    suffixes: ClassVar[tuple[str, ...]] = (".png",)
    holds: ClassVar[str] = "grey (8 or 16 bits) or colours (8 bits), alpha dropped; masks, also of palettes"
    extra: ClassVar[str] = "image"

    def sniff(self, path: Path) -> bool:
        """Whether the file begins with PNG's magic bytes."""
        return _head(path).startswith(MAGIC)

    def open(self, path: Path) -> Image:
        """The image.

        Raises:
            InputError: no PNG, damaged, or colours of 16 bits, which pillow would cut to 8.
            MissingDependencyError: pillow is not installed.
        """
        depth, kind = _kind(path)
        if depth == 16 and kind != GRAY:
            raise InputError(f"{path}: expected 16 bits in grey only (in colours: TIFF). Received colours")
        return pillow.open_image(path, "PNG")

    def open_mask(self, path: Path) -> IntArray:
        """The numbers as stored.

        Raises:
            InputError: no PNG, damaged, or colours.
            MissingDependencyError: pillow is not installed.
        """
        values = pillow.open_mask(path, "PNG")
        depth, kind = _kind(path)
        if kind != GRAY or depth not in (2, 4):
            return values
        spread = 255 // (2**depth - 1)  # by which pillow multiplies them
        return decoded(values.shape, values.dtype, partial(_stored, values, spread))

    def write(self, path: Path, image: Image) -> None:
        """Write grey of 8 or 16 bits, or colours of 8 bits.

        Raises:
            InputError: another type or number of channels.
            MissingDependencyError: pillow is not installed.
        """
        values = np.asarray(image.values)
        fits = (str(values.dtype), values.shape[2:]) in FIT
        if not fits or not values.size:
            raise InputError(
                f"{path}: expected uint8 of 1 or 3 channels, or uint16 of 1. Received {values.dtype} of {values.shape}"
            )
        pixels = np.ascontiguousarray(values[..., 0] if values.shape[2] == 1 else values)
        need("PIL.Image", self.extra, path).fromarray(pixels).save(path, format="PNG")


def write_coloured(path: Path, mask: IntArray, colours: Sequence[str]) -> None:
    """Write a mask that shows a colour for each number, while ``Png.open_mask`` gives the numbers.

    Args:
        path: the file.
        mask: numbers below 256, shape (height, width).
        colours: of each number from 0 on, as "#rrggbb".

    Raises:
        MissingDependencyError: pillow is not installed.
    """
    image = need("PIL.Image", Png.extra, path).fromarray(np.ascontiguousarray(mask, np.uint8))
    image.putpalette(bytes.fromhex("".join(colour.removeprefix("#") for colour in colours)))
    image.save(path, format="PNG")


def _stored(values: IntArray, spread: int) -> IntArray:
    return np.asarray(values) // spread


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(COLOUR_TYPE + 1)


def _kind(path: Path) -> tuple[int, int]:
    """Bits of a sample and kind of pixel; zeros of what is no PNG, which pillow refuses."""
    try:
        head = _head(path)
    except OSError as error:
        raise InputError(f"{path}: expected a PNG image. Received: {error.strerror}") from None
    return (head[DEPTH], head[COLOUR_TYPE]) if len(head) > COLOUR_TYPE else (0, 0)
