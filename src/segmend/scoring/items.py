"""Recordings laid end to end, and the segments in them as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.core.labels import IGNORE, Labels
from segmend.core.segments import Segments, runs
from segmend.core.types import BoolArray, IntArray
from segmend.errors import InputError


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """All recordings on one axis, an ignored step between any two, so that no run reaches across a join.

    Where labels may overlap, each class has a lane of its own, one behind the other on the axis that segments lie on:
    segments of different classes never meet there, and those of one class keep their order.

    Attributes:
        y_true, y_pred: class numbers, shape (all steps,), narrow integers; -1 in both where a step is not judged.
            Multilabel: 0 or 1 for each class, shape (all steps, classes), -1 throughout where a step is not judged.
        first, steps: first position and length of each recording, shape (recordings,).
        labels: class names and the background.
    """

    y_true: IntArray
    y_pred: IntArray
    first: IntArray
    steps: IntArray
    labels: Labels

    def __len__(self) -> int:
        return int(self.steps.size)

    @property
    def multilabel(self) -> bool:
        """Whether a step may carry several labels."""
        return self.y_true.ndim == 2

    @property
    def judged(self) -> BoolArray:
        """Which steps are judged, shape (all steps,)."""
        return (self.y_true[:, 0] if self.multilabel else self.y_true) != IGNORE

    def lane(self, label: IntArray) -> IntArray | int:
        """Where the lane of each class number begins on the axis of segments."""
        return label * len(self.y_true) if self.multilabel else 0


def timeline(
    y_true: Sequence[IntArray], y_pred: Sequence[IntArray], labels: Labels, *, multilabel: bool = False
) -> Timeline:
    """Lay recordings end to end; arguments as for ``count_steps``, of rank 1.

    Raises:
        InputError: numbers of recordings or of steps differ, or a number is no class.
    """
    if len(y_true) != len(y_pred):
        raise InputError(f"y_pred: expected {len(y_true)} recordings as in y_true. Received {len(y_pred)}")
    form = f"(steps, {len(labels)})" if multilabel else "(steps,)"
    for k, (true, pred) in enumerate(zip(y_true, y_pred, strict=True)):
        if np.ndim(true) != 1 + multilabel or np.shape(true) != np.shape(pred):
            raise InputError(
                f"y_pred[{k}]: expected shape {form} as in y_true[{k}]. "
                f"Received shapes {np.shape(pred)} and {np.shape(true)}"
            )
    steps = np.array([len(row) for row in y_true], np.int64)
    first = np.cumsum(steps + 1) - steps - 1
    classes = len(labels)
    true, pred = (
        _laid(rows, first, classes, multilabel, name) for name, rows in (("y_true", y_true), ("y_pred", y_pred))
    )
    ignored = true == IGNORE
    if multilabel:
        ignored |= ignored.any(axis=1, keepdims=True)
        true[ignored] = IGNORE
    if np.any((pred == IGNORE) & ~ignored):
        _refuse_unpredicted(y_true, y_pred)
    pred[ignored] = IGNORE
    return Timeline(true, pred, first, steps, labels)


def _laid(rows: Sequence[IntArray], first: IntArray, classes: int, multilabel: bool, name: str) -> IntArray:
    size = sum(len(row) + 1 for row in rows)
    narrow = np.int8 if multilabel or classes <= 127 else np.int32
    end, says = (2, "0 or 1") if multilabel else (classes, f"class numbers from 0 to {classes - 1}")
    laid: IntArray = np.full((size, classes) if multilabel else size, IGNORE, narrow)
    for k, (given, begin) in enumerate(zip(rows, first.tolist(), strict=True)):
        row = np.asarray(given)
        if row.size:
            low, high = int(row.min()), int(row.max())
            if low < IGNORE or high >= end:
                raise InputError(
                    f"{name}[{k}]: expected {says}, or -1 (not judged). Received {low if low < IGNORE else high}"
                )
        laid[begin : begin + len(row)] = row
    return laid


def _refuse_unpredicted(y_true: Sequence[IntArray], y_pred: Sequence[IntArray]) -> None:
    for k, (true, pred) in enumerate(zip(y_true, y_pred, strict=True)):
        wrong = np.argwhere((np.asarray(pred) == IGNORE) & (np.asarray(true) != IGNORE))
        if wrong.size:
            raise InputError(
                f"y_pred[{k}]: expected a class number where y_true has one. Received -1 at step {wrong[0, 0]}"
            )


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """Segments of one side (reference or prediction) of all recordings, sorted by start.

    Attributes:
        recording: number of the recording of each segment, shape (n,).
        start, stop: half-open, on the timeline's axis, in the lane of the class where labels may overlap.
        label: class number.
        apart: True where no two segments share a step.
    """

    recording: IntArray
    start: IntArray
    stop: IntArray
    label: IntArray
    apart: bool = True

    def __len__(self) -> int:
        return int(self.start.size)

    @property
    def size(self) -> IntArray:
        """Number of steps of each segment."""
        return self.stop - self.start


def items_from_steps(line: Timeline, steps: IntArray) -> Items:
    """The runs of one side's step labels; background and ignored steps give none."""
    if line.multilabel:
        return _items_in_lanes(line, steps)
    start, stop, label = runs(steps)
    keep = label != IGNORE
    if line.labels.background is not None:
        keep &= label != line.labels.background
    start = start[keep]
    inside = np.diff(np.searchsorted(start, line.first), append=start.size)
    return Items(np.repeat(np.arange(len(line)), inside), start, stop[keep], label[keep])


def _items_in_lanes(line: Timeline, steps: IntArray) -> Items:
    """The runs of each class; a lane ends with an ignored step, so no run reaches from one into the next."""
    start, stop, there = runs(steps.T.ravel())
    start, stop = start[there == 1], stop[there == 1]
    label = start // max(1, len(steps))
    place = start - line.lane(label)
    kept = np.ones(label.size, bool) if line.labels.background is None else label != line.labels.background
    recording = np.searchsorted(line.first, place, "right") - 1
    return Items(recording[kept], start[kept], stop[kept], label[kept])


def items_from_tables(line: Timeline, tables: Sequence[Segments]) -> Items:
    """The rows of tables (one per recording), cut where steps are not judged and at the recording's ends.

    Raises:
        InputError: there is not one table per recording.
    """
    if len(tables) != len(line):
        raise InputError(f"reference: expected {len(line)} tables, one per recording. Received {len(tables)}")
    recording = np.repeat(np.arange(len(line)), [len(table) for table in tables])
    first, steps = line.first[recording], line.steps[recording]
    columns = [np.concatenate([np.zeros(0, np.int64), *(getattr(t, c) for t in tables)]) for c in ("start", "stop")]
    start, stop = (np.clip(column, 0, steps) + first for column in columns)
    label = np.concatenate([np.zeros(0, np.int64), *(table.label for table in tables)])
    keep = (stop > start) & (label != IGNORE)
    if line.labels.background is not None:
        keep &= label != line.labels.background
    recording, start, stop, label = (column[keep] for column in (recording, start, stop, label))
    source, start, stop = _cut(start, stop, line.judged)
    start, stop = (column + line.lane(label[source]) for column in (start, stop))
    order = np.lexsort((stop, start))
    start, stop, source = start[order], stop[order], source[order]
    return Items(recording[source], start, stop, label[source], apart=bool(np.all(start[1:] >= stop[:-1])))


def _cut(start: IntArray, stop: IntArray, judged: BoolArray) -> tuple[IntArray, IntArray, IntArray]:
    """Pieces of intervals within the judged stretches: index of the source interval, start and stop."""
    begin, end, value = runs(judged.view(np.int8))
    begin, end = begin[value == 1], end[value == 1]
    lowest = np.searchsorted(end, start, "right")
    pieces = np.maximum(np.searchsorted(begin, stop, "left") - lowest, 0)
    source = np.repeat(np.arange(start.size), pieces)
    stretch = np.arange(source.size) - np.repeat(np.cumsum(pieces) - pieces - lowest, pieces)
    return source, np.maximum(start[source], begin[stretch]), np.minimum(stop[source], end[stretch])
