"""Images made small enough for a page: brought to eight bits, shrunk, and written as PNG."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmend.core.types import FloatArray, IntArray
from segmend.reporting.content import IMAGE_RANK, ReportContent

SIDE = 560
"""Pixels of the longer side that a picture keeps at most."""
MOST = 260_000
"""Bytes that one picture may take."""
THUMB, THUMB_MOST = 160, 40_000
"""The same of a picture in a card."""
DIM = 110
"""An eight-bit image whose bright parts stay below this is brightened."""
_SAID = re.compile(rb"Comment\0every (\d+) brightened ([01])")


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG.

    Attributes:
        png: the bytes of the file, which say the other two as well.
        every: each of its pixels stands for a square of so many pixels of the image on a side.
        stretched: whether brightness was changed.
    """

    png: bytes
    every: int
    stretched: bool = False

    @classmethod
    def of(cls, png: bytes) -> Picture:
        """A picture that ``picture`` made, from its bytes."""
        said = _SAID.search(png)
        return cls(png, int(said[1]), said[2] == b"1") if said else cls(png, 1)

    @property
    def uri(self) -> str:
        """The picture as text that an ``href`` takes."""
        return "data:image/png;base64," + base64.b64encode(self.png).decode("ascii")


def picture(image: FloatArray, side: int = SIDE, most: int = MOST) -> Picture:
    """A picture of an image, as large as ``side`` and ``most`` allow.

    Args:
        image: shape (height, width, channels): grey, or the first three channels are red, green and blue.
        side: pixels of the longer side at most.
        most: bytes at most (a picture of 32 pixels is made in any case).

    Returns:
        The picture; pixels are means of squares.

    Examples:
        >>> shown = picture(np.full((40, 60, 1), 200, np.uint8), side=30)
        >>> shown.every, Picture.of(shown.png) == shown
        (2, True)
    """
    pixels, stretched = _eight_bits(image)
    longest = max(pixels.shape[:2])
    every = max(1, -(-longest // side))
    while True:
        png = encode(_shrunk(pixels, every), f"every {every} brightened {int(stretched)}")
        if len(png) <= most or longest // (every + 1) < 32:
            return Picture(png, every, stretched)
        every += 1


def picture_of(content: ReportContent, k: int) -> Picture | None:
    """The stored picture of a recording, else one of its image; None where it is no image or not at hand."""
    png = content.pictures.get(content.names[k])
    if png is not None:
        return Picture.of(png)
    signal = content.signals[k] if content.signals is not None else None
    if signal is None or len(signal.shape) != IMAGE_RANK + 1:
        return None
    return picture(signal) if content.rank else picture(signal, THUMB, THUMB_MOST)


def encode(pixels: IntArray, comment: str) -> bytes:
    """A PNG of eight-bit pixels, shape (height, width, 1 or 3), with a comment inside.

    Source:
        W3C, Portable Network Graphics (PNG) Specification; filter type 1 (Sub) or 2 (Up), whichever is shorter.
    """
    height, width, channels = pixels.shape
    rows = pixels.astype(np.int16)
    sub, up = rows.copy(), rows.copy()
    sub[:, 1:] -= rows[:, :-1]
    up[1:] -= rows[:-1]
    packed = []
    for kind, filtered in ((1, sub), (2, up)):
        lines = np.empty((height, 1 + width * channels), np.uint8)
        lines[:, 0] = kind
        lines[:, 1:] = (filtered & 255).reshape(height, -1)
        packed.append(zlib.compress(lines.tobytes(), 9))
    head = struct.pack(">IIBBBBB", width, height, 8, 2 if channels == 3 else 0, 0, 0, 0)
    text = b"Comment\0" + comment.encode("latin-1")
    chunks = ((b"IHDR", head), (b"tEXt", text), (b"IDAT", min(packed, key=len)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _eight_bits(image: FloatArray) -> tuple[npt.NDArray[np.uint8], bool]:
    """Values from 0 to 255, and whether they were stretched: deep, measured and very dark images are."""
    pixels = np.asarray(image[...])
    pixels = pixels[..., :3] if pixels.shape[-1] >= 3 else pixels[..., :1]
    if pixels.dtype == np.uint8 and np.percentile(pixels[::4, ::4], 99.5) >= DIM:
        return pixels.astype(np.uint8, copy=False), False
    values = pixels.astype(np.float64)
    finite = values[np.isfinite(values)]
    low, high = np.percentile(finite, [0.5, 99.7]) if finite.size else (0.0, 1.0)
    scaled = (np.nan_to_num(values, nan=low) - low) / ((high - low) or 1.0)
    return np.rint(np.clip(scaled, 0, 1) * 255).astype(np.uint8), True


def _shrunk(pixels: IntArray, every: int) -> IntArray:
    if every == 1:
        return pixels
    height, width = (max(1, size // every) * every for size in pixels.shape[:2])
    kept: FloatArray = np.asarray(pixels[:height, :width], np.float64)
    spare = [(0, height - kept.shape[0]), (0, width - kept.shape[1]), (0, 0)]  # of an image that is hardly a line
    kept = np.pad(kept, spare, mode="edge")
    blocks = kept.reshape(height // every, every, width // every, every, -1)
    return np.rint(blocks.mean(axis=(1, 3))).astype(np.uint8)
