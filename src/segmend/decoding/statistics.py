"""What labelled recordings tell about segments: how long they last and what follows what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.core.labels import IGNORE, Labels
from segmend.core.segments import runs
from segmend.core.types import BoolArray, FloatArray, IntArray

PSEUDO_SEGMENTS = 1.0
"""How many segments of the shared statistics are mixed into those of each class."""


@dataclass(frozen=True, slots=True, eq=False)
class RunTable:
    """All runs of judged steps of some recordings, the background's included, in order.

    Attributes:
        length: steps of each run, shape (runs,).
        label: class number of each run, shape (runs,).
        opens: True where the run begins a stretch of judged steps, shape (runs,).
        whole: False where an ignored step touches the run, so that its length is not known, shape (runs,).
    """

    length: IntArray
    label: IntArray
    opens: BoolArray
    whole: BoolArray

    @classmethod
    def of(cls, y_true: Sequence[IntArray]) -> RunTable:
        """The runs of recordings.

        Examples:
            >>> table = RunTable.of([np.array([0, 0, 1, -1, 1, 0])])
            >>> table.length.tolist(), table.label.tolist(), table.opens.tolist(), table.whole.tolist()
            ([2, 1, 1, 1], [0, 1, 1, 0], [True, False, True, False], [True, False, False, True])
        """
        columns = [_runs_of(rows) for rows in y_true]
        if not columns:
            none = np.zeros(0, np.int64)
            return cls(none, none, none.astype(bool), none.astype(bool))
        return cls(*(np.concatenate(parts) for parts in zip(*columns, strict=True)))

    def pairs(self, classes: int) -> FloatArray:
        """How often a run of class b follows one of class a within a stretch, shape (classes, classes)."""
        counted = np.zeros((classes, classes))
        inner = ~self.closes[:-1] if self.label.size else np.zeros(0, bool)
        np.add.at(counted, (self.label[:-1][inner], self.label[1:][inner]), 1.0)
        return counted

    @property
    def closes(self) -> BoolArray:
        """True where the run ends a stretch of judged steps, shape (runs,)."""
        return np.append(self.opens[1:], True)[: self.opens.size]


def _runs_of(y_true: IntArray) -> tuple[IntArray, IntArray, BoolArray, BoolArray]:
    start, stop, label = runs(y_true)
    ignored = np.concatenate(([False], label == IGNORE, [False]))
    before, after = ignored[:-2], ignored[2:]
    opens = before.copy()
    opens[:1] = True
    keep = label != IGNORE
    return (stop - start)[keep], label[keep], opens[keep], ~(before | after)[keep]


def log_normal_durations(table: RunTable, classes: int) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation of the log duration of each class.

    Classes with few segments are drawn towards all segments together (``PSEUDO_SEGMENTS``), so that a class seen once,
    or never, has a duration too. Runs whose length is not known are left out.

    Returns:
        Two arrays of shape (classes,); the deviation is at least 0.1.
    """
    known = table.whole if table.whole.any() else np.ones_like(table.whole)
    value, label = np.log(table.length[known]), table.label[known]
    shared_mean = float(value.mean()) if value.size else 0.0
    shared_variance = float(value.var()) if value.size > 1 else 1.0
    count = np.bincount(label, minlength=classes)
    mean = (np.bincount(label, value, classes) + PSEUDO_SEGMENTS * shared_mean) / (count + PSEUDO_SEGMENTS)
    squares = np.bincount(label, (value - mean[label]) ** 2, classes)
    variance = (squares + PSEUDO_SEGMENTS * shared_variance) / (count + PSEUDO_SEGMENTS)
    return mean, np.maximum(np.sqrt(variance), 0.1)


def short_durations(mean: FloatArray, spread: FloatArray) -> FloatArray:
    """The 5th percentile of log-normal durations in steps, shape (classes,); from mean and spread of the logarithm."""
    short: FloatArray = np.exp(mean - 1.645 * spread)
    return short


def transitions(table: RunTable, classes: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Log probabilities of class b after class a, of the first class and of the last one.

    Each row is smoothed towards the frequencies of segments (``PSEUDO_SEGMENTS``), and those towards equality. A
    segment may end the recording, which competes with the classes that may follow it.

    Returns:
        Shapes (classes, classes), (classes,), (classes,); the diagonal of the first is minus infinity.
    """
    frequency = np.bincount(table.label, minlength=classes) + 1.0
    frequency /= frequency.sum()
    pairs = table.pairs(classes)
    last = np.bincount(table.label[table.closes], minlength=classes).astype(float)
    first = np.bincount(table.label[table.opens], minlength=classes).astype(float)
    shared = np.tile(frequency, (classes, 1))
    np.fill_diagonal(shared, 0.0)
    shared /= np.maximum(shared.sum(axis=1, keepdims=True), 1e-12)
    ending = (last.sum() + 1.0) / (frequency.size + table.label.size)
    total = pairs.sum(axis=1) + last + PSEUDO_SEGMENTS
    with np.errstate(divide="ignore"):
        follow = np.log((pairs + PSEUDO_SEGMENTS * (1 - ending) * shared) / total[:, None])
    end = np.log((last + PSEUDO_SEGMENTS * ending) / total)
    begin = np.log((first + PSEUDO_SEGMENTS * frequency) / (first.sum() + PSEUDO_SEGMENTS))
    return follow, begin, end


def gap_lengths(table: RunTable, labels: Labels) -> IntArray:
    """Steps of each whole run of background between two runs of one class, shape (gaps,)."""
    if labels.background is None or table.label.size < 3:
        return np.zeros(0, np.int64)
    between = (table.label[1:-1] == labels.background) & (table.label[:-2] == table.label[2:])
    between &= ~table.opens[1:-1] & ~table.closes[1:-1]
    return table.length[1:-1][between]
