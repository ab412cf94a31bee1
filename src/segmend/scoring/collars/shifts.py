"""How far the events that are found lie off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from segmend.core.types import IntArray
from segmend.scoring.collars.pairs import Pairs
from segmend.scoring.items import Items


@dataclass(frozen=True, slots=True, eq=False)
class Shifts:
    """How far matched predictions lie off, in steps, sorted by recording; below 0 is early.

    Attributes:
        recording, label: of each pair, shape (pairs,).
        onset, offset: predicted minus reference.
    """

    recording: IntArray
    label: IntArray
    onset: IntArray
    offset: IntArray

    def __len__(self) -> int:
        return int(self.recording.size)

    def take(self, index: IntArray) -> Shifts:
        """The pairs of recordings by number, which may repeat."""
        first = np.searchsorted(self.recording, index)
        count = np.searchsorted(self.recording, index, "right") - first
        rows = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count - first, count)
        return Shifts(np.repeat(np.arange(index.size), count), self.label[rows], self.onset[rows], self.offset[rows])

    def of(self, label: int) -> Shifts:
        """The pairs of one class."""
        own = self.label == label
        return Shifts(self.recording[own], self.label[own], self.onset[own], self.offset[own])


class Spread(NamedTuple):
    """Where signed errors lie; NaN where there are none."""

    mean: float
    median: float
    std: float
    mean_absolute: float


def shifts(reference: Items, prediction: Items, pairs: Pairs) -> Shifts:
    """How far the predictions of pairs lie from their references."""
    order = np.argsort(reference.recording[pairs.reference], kind="stable")
    row, column = pairs.reference[order], pairs.prediction[order]
    return Shifts(
        reference.recording[row],
        reference.label[row],
        prediction.start[column] - reference.start[row],
        prediction.stop[column] - reference.stop[row],
    )


def spread(error: IntArray, unit: float = 1.0) -> Spread:
    """Mean, median, standard deviation and mean absolute value of errors, times a unit.

    >>> spread(np.array([-1, 3]), unit=0.5)
    Spread(mean=0.5, median=0.5, std=1.0, mean_absolute=1.0)
    """
    if not error.size:
        return Spread(*[float("nan")] * 4)
    values = (error.mean(), np.median(error), error.std(), np.abs(error).mean())
    return Spread(*(float(value) * unit for value in values))
