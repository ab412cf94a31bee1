"""Places in recordings that windows may lie around: items of a class, changes between classes, whole recordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from segmend.core.labels import IGNORE
from segmend.core.segments import runs
from segmend.core.types import IntArray

MOST_CLASSES = 2**20
"""More than any task has, so that a pair of classes makes one number."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """A table of places, sorted by kind, from which a kind is drawn evenly and then one of its places.

    Attributes:
        recording: number of the recording, shape (places,).
        low, high: first step along each spatial axis, and the one after the last, shape (places, rank).
        kind: number of the class, or of the kind of change, ascending, shape (places,).
        begins: number of the first place of each kind, shape (kinds,).
        many: how many places of each kind there are, shape (kinds,).
    """

    recording: IntArray
    low: IntArray
    high: IntArray
    kind: IntArray
    begins: IntArray
    many: IntArray

    def __len__(self) -> int:
        return int(self.recording.size)

    def draw(self, rng: np.random.Generator, count: int) -> IntArray:
        """Numbers of places, each kind as often as any other, shape (count,)."""
        kind = rng.integers(self.begins.size, size=count)
        return between(rng, self.begins[kind], self.begins[kind] + self.many[kind])

    def steps(self, rng: np.random.Generator, at: IntArray) -> tuple[IntArray, IntArray]:
        """Recording and a step inside each of the places, shapes (n,) and (n, rank)."""
        return self.recording[at], between(rng, self.low[at], self.high[at])

    def without(self, kind: int | None) -> Places:
        """The places of all other kinds."""
        others = self.kind != (-1 if kind is None else kind)
        return places(self.recording[others], self.low[others], self.high[others], self.kind[others])


def between(rng: np.random.Generator, low: IntArray | int, high: IntArray) -> IntArray:
    """Integers from ``low`` to below ``high``, element by element: half the time of ``rng.integers``.

    Examples:
        >>> between(np.random.default_rng(0), np.array([3, 5]), np.array([4, 6])).tolist()
        [3, 5]
    """
    drawn: IntArray = low + (rng.random(high.shape) * (high - low)).astype(np.int64)
    return drawn


def places(recording: IntArray, low: IntArray, high: IntArray, kind: IntArray) -> Places:
    """Places in any order, sorted by kind."""
    order = np.argsort(kind, kind="stable")
    begins = np.flatnonzero(np.diff(kind[order], prepend=-1))
    many = np.diff(begins, append=kind.size)
    return Places(recording[order], low[order], high[order], kind[order], begins, many)


def items(y_true: Sequence[IntArray], *, rank: int, multilabel: bool, background: int | None = None) -> Places:
    """Runs of each class in signals, connected objects of each class in images, or recordings where the rank is 0.

    Args:
        y_true: class numbers (*spatial) of each recording, -1 not judged; multilabel: 0 or 1 on one more axis.
        rank: number of spatial axes of the labels.
        multilabel: whether labels may overlap.
        background: of images, the class whose areas are no items; of signals its runs are items like any other.

    Examples:
        >>> found = items([np.array([0, 1, 1, 0])], rank=1, multilabel=False)
        >>> found.kind.tolist(), found.low[:, 0].tolist(), found.high[:, 0].tolist()
        ([0, 0, 1], [0, 3, 1], [1, 4, 3])
    """
    rows = [_of_one(np.asarray(labels), rank, multilabel, background) for labels in y_true]
    owner = np.repeat(np.arange(len(rows)), [len(kind) for _, _, kind in rows])
    low, high, kind = (np.concatenate(columns) for columns in zip(*rows, strict=True))
    return places(owner, low, high, kind)


def changes(y_true: Sequence[IntArray], *, multilabel: bool = False) -> Places:
    """Steps of signals at which one judged class follows another; the kind is the pair of classes.

    Where labels may overlap, those at which a class begins or ends; the kind is the class and which of both.

    Examples:
        >>> found = changes([np.array([0, 0, 1, 2, 1])])
        >>> found.low[:, 0].tolist()
        [1, 2, 3]
        >>> found = changes([np.array([[0, 1], [1, 1], [1, 0]])], multilabel=True)
        >>> found.low[:, 0].tolist(), found.kind.tolist()
        ([0, 1], [1, 2])
    """
    rows = [(_begun_or_ended if multilabel else _followed)(np.asarray(labels)) for labels in y_true]
    owner = np.repeat(np.arange(len(rows)), [len(kind) for _, kind in rows])
    at, kind = (np.concatenate(columns) for columns in zip(*rows, strict=True))
    # "At" a change is the last step before it or the first one after it.
    return places(owner, at[:, None] - 1, at[:, None] + 1, kind)


def _followed(labels: IntArray) -> tuple[IntArray, IntArray]:
    """Steps that differ from the one before them, and the pair of classes."""
    before, after = labels[:-1], labels[1:]
    at = np.flatnonzero((before != after) & (before != IGNORE) & (after != IGNORE))
    return at + 1, before[at].astype(np.int64) * MOST_CLASSES + after[at]


def _begun_or_ended(labels: IntArray) -> tuple[IntArray, IntArray]:
    """Steps at which a class begins or ends, and twice its number, one more where it begins."""
    before, after = labels[:-1], labels[1:]
    judged = (before != IGNORE) & (after != IGNORE)
    at, number = np.nonzero((before != after) & judged)
    return at + 1, 2 * number + (after[at, number] == 1)


Rows = tuple[IntArray, IntArray, IntArray]


def _of_one(labels: IntArray, rank: int, multilabel: bool, background: int | None) -> Rows:
    """Low, high and kind of one recording's items."""
    if not multilabel:
        return _of_classes(labels, rank, background)
    parts = []
    for number in range(labels.shape[-1]):
        low, high, held = _of_classes(labels[..., number], rank, 0)
        parts.append((low[held == 1], high[held == 1], np.full(int((held == 1).sum()), number)))
    low, high, kind = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return low, high, kind


def _of_classes(labels: IntArray, rank: int, background: int | None) -> Rows:
    if rank == 0:
        only = np.asarray(labels, np.int64).reshape(-1)
        only = only[only != IGNORE]
        return np.zeros((only.size, 1), np.int64), np.ones((only.size, 1), np.int64), only
    if rank == 1:
        start, stop, kind = runs(labels)
        judged = kind != IGNORE
        return start[judged, None], stop[judged, None], kind[judged]
    return _objects(labels, background)


def _objects(labels: IntArray, background: int | None) -> Rows:
    """Boxes around the connected areas of each class of an image."""
    low: list[list[int]] = []
    high: list[list[int]] = []
    kind: list[int] = []
    # find_objects takes 0 for nothing and counts from 1 on, so that -1 is left out and class 0 comes first.
    for value, area in enumerate(ndimage.find_objects(labels.astype(np.int32) + 1)):
        if area is None or value == background:
            continue
        marked, _ = ndimage.label(labels[area] == value)
        for found in ndimage.find_objects(marked):
            low.append([side.start + part.start for side, part in zip(area, found, strict=True)])
            high.append([side.start + part.stop for side, part in zip(area, found, strict=True)])
            kind.append(value)
    shape = (len(kind), labels.ndim)
    return np.array(low, np.int64).reshape(shape), np.array(high, np.int64).reshape(shape), np.array(kind, np.int64)
