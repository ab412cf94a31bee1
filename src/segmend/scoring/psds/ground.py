"""The judged steps of all recordings end to end, and the references on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.segments import Segments
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.errors import InputError


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What is true, on an axis without the steps that are not judged.

    Attributes:
        judged: which steps of each recording are judged, one array of shape (steps,) per recording.
        opens: True where a judged stretch begins, shape (judged steps,).
        start, stop: references on this axis, in order, disjoint and not across an opening; one pair per class.
    """

    judged: tuple[BoolArray, ...]
    opens: BoolArray
    start: tuple[IntArray, ...]
    stop: tuple[IntArray, ...]

    def scores(self, y_prob: Sequence[FloatArray], number: int) -> FloatArray:
        """Scores of one class on this axis, shape (judged steps,)."""
        rows = zip(y_prob, self.judged, strict=True)
        return np.concatenate([np.zeros(0, np.float32), *(row[:, number][keep] for row, keep in rows)])

    def activity(self, classes: Sequence[int]) -> IntArray:
        """Number of steps in references of each class before each step, shape (judged steps + 1, classes)."""
        active = np.zeros((self.opens.size + 1, len(classes)), np.int32)
        for j, number in enumerate(classes):
            on, off = (np.bincount(at, minlength=len(active)) for at in (self.start[number], self.stop[number]))
            np.cumsum(np.cumsum(on - off)[:-1], dtype=np.int32, out=active[1:, j])
        return active


def ground(reference: Sequence[Segments], judged: Sequence[BoolArray], classes: int) -> Ground:
    """Lay recordings end to end, without the steps that are not judged.

    References of one class that overlap become one; touching ones stay apart. They are cut at steps that are not
    judged and at the ends of the recording.

    Args:
        reference: a table per recording; rows may overlap.
        judged: False where a step is not judged.
        classes: number of classes.

    Raises:
        InputError: a label is no class number.
    """
    before = [np.concatenate(([0], np.cumsum(keep))) for keep in judged]
    first = np.cumsum([0, *(int(count[-1]) for count in before)])
    opens = np.zeros(first[-1], bool)
    start, stop, label = [], [], []
    for table, keep, count, begin in zip(reference, judged, before, first[:-1].tolist(), strict=True):
        opens[begin + count[np.flatnonzero(np.diff(keep.view(np.int8), prepend=0) == 1)]] = True
        start.append(begin + count[np.clip(table.start, 0, keep.size)])
        stop.append(begin + count[np.clip(table.stop, 0, keep.size)])
        label.append(table.label)
    return Ground(tuple(judged), opens, *_by_class(start, stop, label, opens, classes))


def _by_class(
    starts: Sequence[IntArray], stops: Sequence[IntArray], labels: Sequence[IntArray], opens: BoolArray, classes: int
) -> tuple[tuple[IntArray, ...], tuple[IntArray, ...]]:
    """References of each class, from the columns of each recording."""
    none = np.zeros(0, np.int64)
    start, stop, label = (np.concatenate([none, *column]) for column in (starts, stops, labels))
    wrong = label[(label < IGNORE) | (label >= classes)]
    if wrong.size:
        raise InputError(
            f"reference: expected class numbers from 0 to {classes - 1}, or -1 (not judged). Received {wrong[0]}"
        )
    edges = np.flatnonzero(opens)
    pieces = [_cut(*_united(start[label == c], stop[label == c]), edges) for c in range(classes)]
    return tuple(piece[0] for piece in pieces), tuple(piece[1] for piece in pieces)


def _united(start: IntArray, stop: IntArray) -> tuple[IntArray, IntArray]:
    """Intervals in order, overlapping ones joined, empty ones left out."""
    kept = stop > start
    order = np.argsort(start[kept], kind="stable")
    start, stop = start[kept][order], np.maximum.accumulate(stop[kept][order])
    new = np.ones(start.size, bool)
    new[1:] = start[1:] >= stop[:-1]
    return start[new], stop[np.append(new[1:], True)[: stop.size]]


def _cut(start: IntArray, stop: IntArray, edges: IntArray) -> tuple[IntArray, IntArray]:
    """Disjoint intervals in order, cut at the edges inside them."""
    inside = edges[np.searchsorted(start, edges, "left") > np.searchsorted(stop, edges, "right")]
    return np.sort(np.concatenate((start, inside))), np.sort(np.concatenate((stop, inside)))
