"""Values of COCO's JSON, checked."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from segmend.core.types import FloatArray, IntArray
from segmend.errors import InputError
from segmend.formats.objects import Object, Outline
from segmend.formats.rle import packed, unpacked
from segmend.formats.text import LARGEST

Item = dict[str, Any]

LONGEST = 2**24
"""Pixels that a side of an image has at most."""


def identity(where: str, item: Item, key: str) -> int | str:
    """An id.

    Raises:
        InputError: it is neither a number nor text.
    """
    value = item.get(key)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise InputError(f"{where}: {key}: expected a number or text. Received {value!r:.80}")
    return value


def text(where: str, item: Item, key: str) -> str:
    """A name.

    Raises:
        InputError: it is no text, or empty.
    """
    value = item.get(key)
    if not isinstance(value, str) or not value:
        raise InputError(f"{where}: {key}: expected text. Received {value!r:.80}")
    return value


def shape_of(where: str, image: Item) -> tuple[int, int]:
    """Height and width of an image.

    Raises:
        InputError: one of them is no whole number of pixels.
    """
    sides = [image.get("height"), image.get("width")]
    if any(isinstance(side, bool) or not isinstance(side, int) or not 1 <= side < LONGEST for side in sides):
        raise InputError(f"{where}: expected height and width in whole pixels. Received {sides!r:.80}")
    return int(image["height"]), int(image["width"])


def outline(where: str, item: Item, shape: tuple[int, int]) -> Outline:
    """Where an object is: by its segmentation, else by its box.

    Raises:
        InputError: neither is there, or it is not as COCO has it.
    """
    said = item.get("segmentation")
    if isinstance(said, dict):
        return Outline(runs=_runs(where, said, shape))
    if isinstance(said, list) and said:
        return Outline(rings=tuple(_ring(where, ring) for ring in said))
    box = item.get("bbox")
    if not isinstance(box, list) or len(box) != 4:
        raise InputError(f"{where}: expected a segmentation, or bbox [x, y, width, height]. Received {box!r:.80}")
    x, y, width, height = _numbers(where, box).tolist()
    return Outline(rings=(np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]]),))


def _numbers(where: str, values: Any) -> FloatArray:
    fits = isinstance(values, list) and all(isinstance(each, int | float) for each in values)
    if not fits or not all(math.isfinite(each) and abs(each) < LARGEST for each in values):
        raise InputError(f"{where}: expected a list of numbers. Received {values!r:.80}")
    return np.array(values, np.float64)


def _ring(where: str, values: Any) -> FloatArray:
    flat = _numbers(where, values)
    if not flat.size or flat.size % 2:
        raise InputError(f"{where}: expected a polygon [x, y, x, y, ...]. Received {flat.size} numbers")
    return flat.reshape(-1, 2)


def _runs(where: str, said: Item, shape: tuple[int, int]) -> IntArray:
    size, counts = said.get("size"), said.get("counts")
    if size != list(shape):
        raise InputError(f"{where}: size: expected {list(shape)}, as the image. Received {size!r:.80}")
    try:
        values = unpacked(counts) if isinstance(counts, str) else _numbers(where, counts)
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{where}: counts: expected run lengths. Received {error}") from None
    if (values < 0).any() or (values != np.floor(values)).any() or values.sum() != math.prod(shape):
        raise InputError(
            f"{where}: counts: expected run lengths of {math.prod(shape)} pixels together. Received {values.sum():.0f}"
        )
    return values.astype(np.int64)


def written(one: Object, shape: tuple[int, int]) -> Item:
    """Segmentation, box and area of an object in an image of (height, width), as COCO has them."""
    mask = one.outline.mask(shape)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = [0, 0, 0, 0]
    if rows.size:
        box = [int(columns[0]), int(rows[0]), int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1)]
    runs = one.outline.runs
    segmentation: Any = [ring.ravel().tolist() for ring in one.outline.rings]
    if runs is not None:
        segmentation = {"size": list(shape), "counts": packed(runs)}
    return {"segmentation": segmentation, "bbox": box, "area": int(mask.sum()), "iscrowd": int(one.crowd)}
