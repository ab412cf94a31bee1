"""Both sides of a prediction as segments, and where they meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.core.types import IntArray
from segmend.scoring.items import Items, Timeline, items_from_steps, items_from_tables, timeline
from segmend.scoring.kinds import Kinds, kinds
from segmend.scoring.overlaps import Overlaps, overlaps
from segmend.scoring.steps import StepTally, count_steps


@dataclass(frozen=True, slots=True, eq=False)
class Meeting:
    """Both sides of a prediction, and where they meet; what tallies and oracles are computed from.

    Attributes:
        line: the recordings end to end.
        reference, prediction: segments.
        edges: all pairs that share a step.
        step: counts of steps.
    """

    line: Timeline
    reference: Items
    prediction: Items
    edges: Overlaps
    step: StepTally

    @property
    def cells(self) -> int:
        """Number of cells, one for each recording and class."""
        return len(self.line) * len(self.line.labels)

    def cell(self, items: Items) -> IntArray:
        """The cell of each segment."""
        return items.recording * len(self.line.labels) + items.label

    def count(self, cell: IntArray) -> IntArray:
        """How often each cell occurs, shape (recordings, classes)."""
        return np.bincount(cell, minlength=self.cells).reshape(len(self.line), len(self.line.labels))

    def kinds(self) -> Kinds:
        """The errors of the prediction."""
        return kinds(self.reference, self.prediction, self.edges)


def meet(
    y_true: Sequence[IntArray],
    y_pred: Sequence[IntArray],
    labels: Labels,
    *,
    reference: Sequence[Segments] | None = None,
    prediction: Sequence[Segments] | None = None,
) -> Meeting:
    """Cut both sides into segments and find which of them share steps; arguments as for ``tally``."""
    line = timeline(y_true, y_pred, labels)
    left = items_from_steps(line, line.y_true) if reference is None else items_from_tables(line, reference)
    right = items_from_steps(line, line.y_pred) if prediction is None else items_from_tables(line, prediction)
    return Meeting(line, left, right, overlaps(left, right), count_steps(y_true, y_pred, labels))


def same_class(met: Meeting) -> Overlaps:
    """The edges between segments of one class."""
    return met.edges.take(met.reference.label[met.edges.reference] == met.prediction.label[met.edges.prediction])
