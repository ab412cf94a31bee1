"""TIFF images and masks."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from segmend.core.extras import need
from segmend.core.types import IntArray
from segmend.errors import InputError, MissingDependencyError
from segmend.formats.base import Image, ImageFormat
from segmend.formats.decoded import decoded
from segmend.formats.pillow import COLOURS, GRAY

MAGICS = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")

RGB, YCBCR, SEPARATE = 2, 6, 2
"""Values of the tags of photometric interpretation and planar configuration."""

FAULTS = (OSError, ValueError, EOFError, IndexError, KeyError, TypeError, AttributeError, RuntimeError)
"""How tifffile refuses what is damaged, beside errors of struct and zlib."""


class Tiff(ImageFormat):
    """TIFF of one page with any number of channels, of whole numbers or floats of any size, as stored.

    An alpha channel of colours is dropped; a palette gives colours of 8 bits, in masks its indices.
    """

    name: ClassVar[str] = "tiff"
    suffixes: ClassVar[tuple[str, ...]] = (".tif", ".tiff")
    holds: ClassVar[str] = "one page of any number of channels, of any whole or float type, alpha dropped; masks"
    extra: ClassVar[str] = "image"

    def sniff(self, path: Path) -> bool:
        """Whether the file begins with TIFF's magic bytes, of either byte order, classic or big."""
        with path.open("rb") as file:
            return file.read(4) in MAGICS

    def open(self, path: Path) -> Image:
        """The image.

        Raises:
            InputError: no TIFF, damaged, several pages, or complex numbers.
            MissingDependencyError: tifffile is not installed; or, when pixels are read, what their compression needs.
        """
        with _page(path) as page:
            colours = _is_colour(page)
            palette = page.colormap is not None
            depth = len(COLOURS) if colours or palette else _depth(page)
            shape = (page.imagelength, page.imagewidth, depth)
            dtype = np.dtype(np.uint8) if palette else _dtype(path, page)
        channels = COLOURS if colours or palette else GRAY if depth == 1 else None
        return Image(decoded(shape, dtype, partial(_pixels, path, shape, dtype)), channels)

    def open_mask(self, path: Path) -> IntArray:
        """The numbers as stored.

        Raises:
            InputError: no TIFF, damaged, several pages, fractions, or several channels.
            MissingDependencyError: tifffile is not installed; or, when pixels are read, what their compression needs.
        """
        with _page(path) as page:
            dtype, depth = _dtype(path, page), _depth(page)
            shape = (page.imagelength, page.imagewidth)
        if depth != 1 or dtype.kind not in "iu":
            raise InputError(f"{path}: expected one whole number for each pixel. Received {depth} of {dtype}")
        return decoded(shape, dtype, partial(_pixels, path, shape, dtype))

    def write(self, path: Path, image: Image) -> None:
        """Write the values as they are, compressed without loss.

        Raises:
            InputError: no pixels, or of a type that TIFF does not hold.
            MissingDependencyError: tifffile is not installed.
        """
        values = np.asarray(image.values)
        if not values.size or values.ndim != 3 or values.dtype.kind not in "iuf":
            raise InputError(f"{path}: expected real pixels. Received {values.dtype} of shape {values.shape}")
        kind = {"photometric": "rgb" if values.shape[2] == 3 and image.channels == COLOURS else "minisblack"}
        pixels = values[..., 0] if values.shape[2] == 1 else values
        planar = {} if values.shape[2] == 1 else {"planarconfig": "contig"}
        need("tifffile", self.extra, path).imwrite(path, pixels, compression="zlib", **kind, **planar)


def _is_colour(page: Any) -> bool:
    return page.photometric in (RGB, YCBCR) and page.samplesperpixel >= 3


def _depth(page: Any) -> int:
    return len(COLOURS) if _is_colour(page) else int(page.samplesperpixel)


def _dtype(path: Path, page: Any) -> np.dtype[Any]:
    if page.dtype is None or page.dtype.kind not in "biuf":
        raise InputError(f"{path}: expected real numbers of one type. Received {page.dtype}")
    return np.dtype(np.uint8) if page.dtype.kind == "b" else page.dtype.newbyteorder("=")


def _pixels(path: Path, shape: tuple[int, ...], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """The pixels of the only page; three axes mean an image, two a mask."""
    with _page(path) as page:
        pixels = page.asarray()
        if page.planarconfig == SEPARATE and pixels.ndim == 3:
            pixels = np.moveaxis(pixels, 0, -1)
        colormap = page.colormap
    if len(shape) == 3:
        if colormap is not None:
            pixels = np.moveaxis(colormap[:, pixels] >> 8, 0, -1)
        pixels = pixels.reshape(*pixels.shape[:2], -1)[..., : shape[2]]
    if pixels.size != np.prod(shape):
        raise InputError(f"{path}: expected {shape} pixels, as when it was loaded. Received {pixels.shape}")
    return pixels.reshape(shape).astype(dtype, copy=False)


@contextmanager
def _page(path: Path) -> Iterator[Any]:
    """The only page, whose every complaint names the file."""
    tifffile = need("tifffile", Tiff.extra, path)
    try:
        with tifffile.TiffFile(path) as file:
            if len(file.pages) != 1:
                raise InputError(f"{path}: expected one image. Received {len(file.pages)} pages")
            page = file.pages[0]
            if page.imagedepth != 1 or page.imagelength * page.imagewidth * page.samplesperpixel < 1:
                raise InputError(f"{path}: expected (height, width) pixels. Received {page.shape}")
            yield page
    except InputError:
        raise
    except (*FAULTS, tifffile.TiffFileError, struct.error, zlib.error) as error:
        if "imagecodecs" in str(error):
            raise MissingDependencyError(
                f"{path}: this compression needs imagecodecs: pip install imagecodecs"
            ) from None
        raise InputError(f"{path}: expected a whole TIFF image. Received: {error!s:.200}") from None
