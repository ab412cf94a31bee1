"""Objects of one side as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.core.types import IntArray
from segmend.scoring.items import Items
from segmend.scoring.objects.components import by_first, components
from segmend.scoring.objects.runs import PixelRuns


@dataclass(frozen=True, slots=True, eq=False)
class Objects:
    """Objects of one side (reference or prediction) of all images, by image and first pixel.

    Attributes:
        recording: number of the image of each object, shape (n,).
        label: class number.
        size: its judged pixels, at least 1.
        low, high: half-open bounding box of these, shape (n, rank).
        unjudged: further pixels of a predicted object, where the reference is not judged.
    """

    recording: IntArray
    label: IntArray
    size: IntArray
    low: IntArray
    high: IntArray
    unjudged: IntArray

    def __len__(self) -> int:
        return int(self.size.size)

    @classmethod
    def concatenate(cls, parts: Sequence[Objects], rank: int) -> Objects:
        """The rows of all parts, in order."""
        none, nowhere = np.zeros(0, np.int64), np.zeros((0, rank), np.int64)
        empty = cls(none, none, none, nowhere, nowhere, none)
        return cls(*(np.concatenate([getattr(part, name) for part in (empty, *parts)]) for name in cls.__slots__))


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The objects of one image (or layer), and the runs they consist of.

    Attributes:
        objects: one row for each.
        line: their judged runs, on the axis of ``PixelRuns``.
        number: row of the object of each of these runs.
    """

    objects: Objects
    line: Items
    number: IntArray


def find(runs: PixelRuns, connectivity: int, recording: int) -> Found:
    """The objects that runs form: pixels of one class and instance number, or connected pixels of one class.

    An object that has no judged pixel is left out.
    """
    if runs.instance is None:
        number = components(runs, connectivity)
    else:
        names, name = np.unique(runs.instance, return_inverse=True)
        number = by_first(runs.line.label * names.size + name)
    pixels = np.bincount(number, weights=runs.line.size).astype(np.int64)
    kept = np.flatnonzero(runs.judged)
    number = number[kept]
    size = np.bincount(number, weights=runs.line.size[kept], minlength=pixels.size).astype(np.int64)
    there = size > 0
    number = (np.cumsum(there) - 1)[number]
    line = Items(*(getattr(runs.line, name)[kept] for name in ("recording", "start", "stop", "label")))
    order = np.argsort(number, kind="stable")
    bounds = np.flatnonzero(np.diff(number[order], prepend=-1))
    low, high = _boxes(runs.corner[kept][order], line.size[order], bounds)
    label = line.label[order[bounds]]
    unjudged = (pixels - size)[there]
    return Found(Objects(np.full(label.size, recording), label, size[there], low, high, unjudged), line, number)


def _boxes(corner: IntArray, length: IntArray, bounds: IntArray) -> tuple[IntArray, IntArray]:
    """Bounding boxes of groups of consecutive runs, which begin at ``bounds``."""
    if not bounds.size:
        return corner, corner
    last = corner + 1
    last[:, -1] = corner[:, -1] + length
    return np.minimum.reduceat(corner, bounds), np.maximum.reduceat(last, bounds)
