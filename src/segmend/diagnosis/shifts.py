"""How far the ends of predicted segments lie from those of the reference segments they stand for, with sign."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.scoring.items import Items
from segmend.scoring.meetings import Meeting, meeting_of

REACH = 1.5
"""A predicted segment without a reference stands for one that it misses by up to so many of its lengths."""


@dataclass(frozen=True, slots=True, eq=False)
class Shifts:
    """Pairs of one class, over all recordings.

    Attributes:
        start, stop: predicted minus reference, in steps, shape (pairs,): above 0 is late.
        length: steps in each reference segment.
        apart: whether the two do not even overlap.
    """

    start: IntArray
    stop: IntArray
    length: IntArray
    apart: BoolArray

    def __len__(self) -> int:
        return self.start.size

    def matched(self, start: float = 0.0, stop: float = 0.0) -> int:
        """Pairs with an IoU of at least 0.5 once the predicted ends are moved back by so much."""
        begin, end = self.start - start, self.length + self.stop - stop
        shared = np.minimum(end, self.length) - np.maximum(begin, 0)
        return int((2 * shared >= np.maximum(end, self.length) - np.minimum(begin, 0)).sum())


def shifts_of(prediction: Prediction) -> list[Shifts]:
    """One entry per class number: pairs that overlap one to one, and near ones that overlap nothing.

    Args:
        prediction: of signals, with ``y_true``.
    """
    met = meeting_of(prediction)
    pairs = met.kinds().pairs
    left, right, same = met.reference, met.prediction, met.same
    assert isinstance(left, Items) and isinstance(right, Items)
    lonely = _lonely(met, left, right)
    row = np.concatenate([same.reference[pairs], lonely[0]])
    column = np.concatenate([same.prediction[pairs], lonely[1]])
    apart = np.arange(row.size) >= int(pairs.sum())
    return [_of(left, right, row[own], column[own], apart[own]) for own in _by_class(left, row, len(met.labels))]


def _by_class(left: Items, row: IntArray, classes: int) -> list[BoolArray]:
    return [left.label[row] == number for number in range(classes)]


def _of(left: Items, right: Items, row: IntArray, column: IntArray, apart: BoolArray) -> Shifts:
    return Shifts(
        start=right.start[column] - left.start[row],
        stop=right.stop[column] - left.stop[row],
        length=left.size[row],
        apart=apart,
    )


def _lonely(met: Meeting, left: Items, right: Items) -> tuple[IntArray, IntArray]:
    """Segments of one class that meet nothing and are each other's nearest, within reach."""
    ours = np.flatnonzero(np.bincount(met.same.reference, minlength=len(left)) == 0)
    theirs = np.flatnonzero(np.bincount(met.same.prediction, minlength=len(right)) == 0)
    if not (ours.size and theirs.size):
        none = np.zeros(0, np.int64)
        return none, none
    # One lane for each recording and class, so far apart that the nearest one lies in the same lane if any does.
    span = 4.0 * (max(int(left.stop.max()), int(right.stop.max())) + 1)
    centres = [(s.start[k] + s.stop[k]) / 2 + span * met.cell(s)[k] for s, k in ((left, ours), (right, theirs))]
    there, back = _nearest(*centres), _nearest(centres[1], centres[0])
    mutual = back[there] == np.arange(ours.size)
    near = np.abs(centres[0] - centres[1][there]) <= REACH * left.size[ours]
    return ours[mutual & near], theirs[there[mutual & near]]


def _nearest(points: FloatArray, among: FloatArray) -> IntArray:
    """For each point the number of the nearest other one."""
    order = np.argsort(among, kind="stable")
    right = np.clip(np.searchsorted(among[order], points), 1, max(1, among.size - 1))
    low, high = order[right - 1], order[np.minimum(right, among.size - 1)]
    return np.where(np.abs(points - among[low]) <= np.abs(points - among[high]), low, high)
