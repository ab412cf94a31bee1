"""Short gaps are filled, then short segments are given to the better neighbour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from segmend.core.labels import Labels
from segmend.core.segments import runs
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.decoding.base import StepDecoder
from segmend.decoding.statistics import RunTable, gap_lengths, log_normal_durations, short_durations

_MIX = 0x9E3779B1  # spreads equal costs, so that a long alternation is resolved in few rounds


@dataclass(frozen=True, slots=True, eq=False)
class MinDuration(StepDecoder):
    """The argmax with gaps of background filled and segments shorter than their class's minimum given away.

    A gap is a run of background, up to ``gap`` steps long, between two runs of one class. A short run (background
    included) goes to the neighbour with the higher summed probability over it; where short runs touch, the one that
    costs least probability goes first. A recording that is one run stays as it is.

    Attributes:
        labels: class names and the background.
        shortest: minimum duration in steps, shape (classes,).
        gap: longest gap that is filled, in steps.

    Examples:
        >>> decoder = MinDuration(Labels.numbered(2), shortest=np.array([1, 2]), gap=1)
        >>> decoder.decode(np.eye(2)[[1, 1, 0, 1, 0, 0, 1, 0]])
        array([1, 1, 1, 1, 0, 0, 0, 0])
    """

    name: ClassVar[str] = "min_duration"
    grid: ClassVar[Mapping[str, tuple[float, ...]]] = {
        "duration": (0.0, 0.125, 0.25, 0.5, 0.75, 1.0, 1.5),
        "gap": (0.0, 0.125, 0.25, 0.5, 1.0),
    }
    start: ClassVar[Mapping[str, float]] = {"duration": 0.5, "gap": 0.25}

    labels: Labels
    shortest: IntArray
    gap: int

    def _decode(self, y_prob: FloatArray) -> IntArray:
        steps = np.argmax(y_prob, axis=1)
        if self.labels.background is not None:
            steps = _filled(steps, self.labels.background, self.gap)
        return _lengthened(steps, y_prob, self.shortest)

    def parameters(self) -> dict[str, Any]:
        """Minimum duration of each class and the longest gap that is filled, in steps."""
        return {"shortest": self.shortest.tolist(), "gap": int(self.gap)}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any], labels: Labels) -> Self:
        """The decoder back from ``parameters()``."""
        return cls(labels, np.asarray(parameters["shortest"], np.int64), int(parameters["gap"]))

    @classmethod
    def learn(
        cls,
        y_prob: Sequence[FloatArray],
        y_true: Sequence[IntArray],
        labels: Labels,
        **setting: float,
    ) -> Self:
        """Minima are ``duration`` times the 5th percentile of each class; ``gap`` is a share of the real gaps' 5th."""
        table = RunTable.of(y_true)
        short = short_durations(*log_normal_durations(table, len(labels)))
        gaps = gap_lengths(table, labels)
        usual = np.quantile(gaps, 0.05) if gaps.size else short.min()
        return cls(
            labels,
            shortest=np.maximum(1, np.round(setting["duration"] * short)).astype(np.int64),
            gap=int(setting["gap"] * usual),
        )


def _filled(steps: IntArray, background: int, gap: int) -> IntArray:
    """The labels with short gaps between runs of one class filled; all at once, since gaps never touch."""
    start, stop, label = runs(steps)
    if len(label) < 3:
        return steps
    fill = np.zeros(len(label), bool)
    fill[1:-1] = (label[1:-1] == background) & (label[:-2] == label[2:])
    fill[1:-1] &= (stop - start)[1:-1] <= gap
    new = label.copy()
    new[fill] = label[np.flatnonzero(fill) - 1]
    return np.repeat(new, stop - start)


def _lengthened(steps: IntArray, y_prob: FloatArray, shortest: IntArray) -> IntArray:
    """The labels without runs shorter than their class's minimum; every round is columnar over runs."""
    total = np.concatenate((np.zeros((1, y_prob.shape[1])), np.cumsum(y_prob, axis=0)))
    start, stop, label = runs(steps)
    while True:
        short = (stop - start) < shortest[label]
        if len(label) < 2 or not short.any():
            return np.repeat(label, stop - start)
        label = _given_away(label, short, total[stop] - total[start])
        first = np.concatenate(([True], label[1:] != label[:-1]))
        start, label = start[first], label[first]
        stop = np.concatenate((start[1:], stop[-1:]))


def _given_away(label: IntArray, short: BoolArray, over: FloatArray) -> IntArray:
    """The labels of runs after one round: short runs that cost less than any neighbour go to the better one.

    Args:
        label: shape (runs,).
        short: True where a run is too short, shape (runs,).
        over: probability of each class summed over each run, shape (runs, classes).
    """
    row = np.arange(len(label))
    before, after = np.roll(label, 1), np.roll(label, -1)
    left, right = over[row, before], over[row, after]
    left[0], right[-1] = -np.inf, -np.inf
    cost = np.where(short, over[row, label] - np.maximum(left, right), np.inf)
    order = np.empty(len(label), np.int64)
    order[np.lexsort((row * _MIX & 0xFFFFFFFF, cost))] = row
    guarded = np.concatenate(([len(label)], order, [len(label)]))
    first = short & (order < guarded[:-2]) & (order < guarded[2:])
    return np.where(first, np.where(left >= right, before, after), label)
