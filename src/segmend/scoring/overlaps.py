"""Which reference meets which prediction, and in how many steps: all that matching and error kinds look at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmend.core.types import BoolArray, IntArray
from segmend.scoring.items import Items


@dataclass(frozen=True, slots=True, eq=False)
class Overlaps:
    """Edges between reference and predicted segments, sorted by (reference, prediction).

    Attributes:
        reference, prediction: row of the reference and of the prediction of each edge, shape (edges,).
        steps: steps that the two share, shape (edges,), at least 1.
        union: steps that either covers.
        staircase: True where edges never cross (no two segments of one side share a step). Then both columns
            ascend, consecutive edges share at most one segment, and the graph is a forest of caterpillars.
    """

    reference: IntArray
    prediction: IntArray
    steps: IntArray
    union: IntArray
    staircase: bool

    def __len__(self) -> int:
        return int(self.steps.size)

    def take(self, keep: BoolArray) -> Overlaps:
        """The edges where ``keep`` is True."""
        return Overlaps(self.reference[keep], self.prediction[keep], self.steps[keep], self.union[keep], self.staircase)

    def reaching(self, threshold: int) -> BoolArray:
        """Where the intersection over union is at least ``threshold`` per cent, inclusive, in whole numbers."""
        return self.steps * 100 >= self.union * threshold


def overlaps(reference: Items, prediction: Items) -> Overlaps:
    """All pairs that share a step, whatever their classes; linear where no two segments of one side overlap.

    Examples:
        >>> row = lambda *column: np.array(column)
        >>> meet = overlaps(Items(row(0), row(2), row(6), row(1)), Items(row(0, 0), row(0, 5), row(4, 9), row(1, 1)))
        >>> meet.steps, meet.union
        (array([2, 1]), array([6, 7]))
    """
    reach = prediction.stop if prediction.apart else np.maximum.accumulate(prediction.stop)
    lowest = np.searchsorted(reach, reference.start, "right")
    count = np.maximum(np.searchsorted(prediction.start, reference.stop, "left") - lowest, 0)
    row = np.repeat(np.arange(len(reference)), count)
    column = np.arange(row.size) - np.repeat(np.cumsum(count) - count - lowest, count)
    steps = np.minimum(reference.stop[row], prediction.stop[column])
    steps -= np.maximum(reference.start[row], prediction.start[column])
    union = reference.size[row] + prediction.size[column] - steps
    found = Overlaps(row, column, steps, union, reference.apart and prediction.apart)
    return found if prediction.apart else found.take(steps > 0)
