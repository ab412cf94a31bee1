"""JPEG images."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from segmend.core.types import IntArray
from segmend.errors import InputError
from segmend.formats import pillow
from segmend.formats.base import Image, ImageFormat

MAGIC = b"\xff\xd8\xff"


class Jpeg(ImageFormat):
    """JPEG of 8 bits: (height, width, 1) of grey, (height, width, 3) of colours; only read, as writing loses."""

    name: ClassVar[str] = "jpeg"
    suffixes: ClassVar[tuple[str, ...]] = (".jpg", ".jpeg")
    holds: ClassVar[str] = "grey or colours (8 bits); never masks, whose numbers it would change"
    extra: ClassVar[str] = "image"
    writes: ClassVar[bool] = False

    def sniff(self, path: Path) -> bool:
        """Whether the file begins with JPEG's magic bytes."""
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC

    def open(self, path: Path) -> Image:
        """The image.

        Raises:
            InputError: no JPEG, or damaged.
            MissingDependencyError: pillow is not installed.
        """
        return pillow.open_image(path, "JPEG")

    def open_mask(self, path: Path) -> IntArray:
        """Refused: numbers change when an image is stored as JPEG.

        Raises:
            InputError: always.
        """
        raise InputError(f"{path}: expected a mask in PNG or TIFF, which keep its numbers. Received JPEG")
