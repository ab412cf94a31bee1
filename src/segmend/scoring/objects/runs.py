"""An image as runs of pixels, row by row: all that components, sizes and overlaps are computed from.

Pixels are looked at once, to find where runs begin; everything after works on runs, of which there are far fewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from segmend.core.types import BoolArray, IntArray
from segmend.errors import InputError
from segmend.scoring.items import Items


@dataclass(frozen=True, slots=True, eq=False)
class PixelRuns:
    """Runs of pixels of one class (and instance) along the last axis.

    Attributes:
        line: the runs on one axis, on which the rows of the image lie end to end with a gap after each row (and after
            each plane), so that neighbours in another row are neighbours after a shift.
        strides: length of a step along each axis of the image on that one axis, shape (rank,).
        corner: coordinates of the first pixel of each run, shape (runs, rank).
        instance: its instance number, or None where instances are not given.
        judged: True where the run is on judged ground.
    """

    line: Items
    strides: IntArray
    corner: IntArray
    instance: IntArray | None
    judged: BoolArray

    def __len__(self) -> int:
        return len(self.line)


def pixel_runs(
    mask: IntArray, void: BoolArray | None, instances: IntArray | None, classes: int, background: int | None, name: str
) -> PixelRuns:
    """The runs of foreground pixels of one side of one image.

    Args:
        mask: class number of each pixel.
        void: True where pixels are not judged and the mask may hold anything (a run ends there and another, unjudged,
            begins, if it holds a class), or None where all are.
        instances: instance number of each pixel, 0 for none, or None.
        classes: number of classes.
        background: class number that is no object, or None.
        name: what errors call the mask.

    Raises:
        InputError: a number is no class, or an instance number is negative.
    """
    planes: list[npt.NDArray[Any]] = [
        np.ascontiguousarray(plane) for plane in (mask, void, instances) if plane is not None
    ]
    start, stop = _ends(planes)
    label = planes[0].reshape(-1)[start].astype(np.int64)
    judged: BoolArray = np.ones(start.size, bool) if void is None else ~void.reshape(-1)[start]
    keep: BoolArray = (label >= 0) & (label < classes)
    wrong = label[judged & ~keep]
    if wrong.size:
        raise InputError(
            f"{name}: expected class numbers from 0 to {classes - 1}, or -1 in y_true (not judged). Received {wrong[0]}"
        )
    if background is not None:
        keep &= label != background
    number = None
    if instances is not None:
        number = planes[-1].reshape(-1)[start].astype(np.int64)
        keep &= number != 0
        number = number[keep]
        if np.any(number < 0):
            raise InputError(f"{name}: expected instance numbers from 0 (none). Received {number.min()}")
    line, corner, strides = _laid(start[keep], stop[keep], label[keep], mask.shape)
    return PixelRuns(line, strides, corner, number, judged[keep])


def _laid(start: IntArray, stop: IntArray, label: IntArray, shape: tuple[int, ...]) -> tuple[Items, IntArray, IntArray]:
    """Runs of the flat image on the axis with gaps; their first pixels; and that axis' strides."""
    corner = np.stack(np.unravel_index(start, shape), axis=1) if start.size else np.zeros((0, len(shape)), np.int64)
    strides = np.append(np.cumprod(np.array(shape[:0:-1], np.int64) + 1)[::-1], 1)
    begin = corner @ strides
    return Items(np.zeros_like(begin), begin, begin + (stop - start), label), corner, strides


def _ends(planes: list[npt.NDArray[Any]]) -> tuple[IntArray, IntArray]:
    """Where runs begin and end on the flat image: at each row's ends, and wherever any plane changes."""
    changes = np.zeros(planes[0].shape, bool)
    changes[..., :1] = True
    for plane in planes:
        changes[..., 1:] |= plane[..., 1:] != plane[..., :-1]
    start = np.flatnonzero(changes)
    return start, np.append(start[1:], changes.size)[: start.size]
