"""Both sides of a prediction as segments, and where they meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.core.types import IntArray
from segmend.errors import InputError
from segmend.scoring.items import Items, Timeline, items_from_steps, items_from_tables, timeline
from segmend.scoring.kinds import Kinds, kinds
from segmend.scoring.lookalikes import SUBSTITUTION_IOU, across_lanes
from segmend.scoring.objects import Objects, Scene, scene
from segmend.scoring.overlaps import Overlaps, overlaps
from segmend.scoring.steps import StepTally, count_steps


@dataclass(frozen=True, slots=True, eq=False)
class Meeting:
    """Both sides of a prediction, and where they meet; what tallies and oracles are computed from.

    Attributes:
        labels: class names and the background.
        reference, prediction: segments: runs in time or objects of images.
        same: all pairs of one class that share a step.
        lookalikes: pairs of different classes that a substitution may be.
        step: counts of steps.
        line: the recordings end to end; None for images, which have no order.
        scene: what objects were found, for images.
    """

    labels: Labels
    reference: Items | Objects
    prediction: Items | Objects
    same: Overlaps
    lookalikes: Overlaps
    step: StepTally
    line: Timeline | None = None
    scene: Scene | None = None

    def __len__(self) -> int:
        return len(self.step)

    @property
    def cells(self) -> int:
        """Number of cells, one for each recording and class."""
        return len(self) * len(self.labels)

    def cell(self, items: Items | Objects) -> IntArray:
        """The cell of each segment."""
        return items.recording * len(self.labels) + items.label

    def count(self, cell: IntArray) -> IntArray:
        """How often each cell occurs, shape (recordings, classes)."""
        return np.bincount(cell, minlength=self.cells).reshape(len(self), len(self.labels))

    def kinds(self) -> Kinds:
        """The errors of the prediction."""
        return kinds(self.reference, self.prediction, self.same, self.lookalikes)


def meet(
    y_true: Sequence[IntArray],
    y_pred: Sequence[IntArray],
    labels: Labels,
    *,
    multilabel: bool = False,
    reference: Sequence[Segments] | None = None,
    prediction: Sequence[Segments] | None = None,
) -> Meeting:
    """Cut both sides into segments and find which of them share steps; arguments as for ``tally``."""
    line = timeline(y_true, y_pred, labels, multilabel=multilabel)
    left = items_from_steps(line, line.y_true) if reference is None else items_from_tables(line, reference)
    right = items_from_steps(line, line.y_pred) if prediction is None else items_from_tables(line, prediction)
    step = count_steps(y_true, y_pred, labels, multilabel=multilabel)
    edges = overlaps(left, right)
    if multilabel:
        return Meeting(labels, left, right, edges, across_lanes(line, left, right), step, line)
    return Meeting(labels, left, right, *_by_likeness(left, right, edges), step, line)


def meet_images(
    y_true: Sequence[IntArray],
    y_pred: Sequence[IntArray],
    labels: Labels,
    *,
    multilabel: bool = False,
    connectivity: int = 1,
    reference: Sequence[IntArray] | None = None,
    prediction: Sequence[IntArray] | None = None,
) -> Meeting:
    """Find the objects of both sides of images and which of them share pixels; arguments as for ``objects.scene``."""
    found = scene(
        y_true,
        y_pred,
        labels,
        connectivity=connectivity,
        reference=reference,
        prediction=prediction,
        multilabel=multilabel,
        across=multilabel,
    )
    left, right = found.reference, found.prediction
    step = count_steps(y_true, y_pred, labels, multilabel=multilabel)
    return Meeting(labels, left, right, *_by_likeness(left, right, found.edges), step, scene=found)


def meeting_of(prediction: Prediction, *, connectivity: int = 1) -> Meeting:
    """Both sides of a prediction of steps: segments of signals or objects of images, whether labels overlap or not.

    Args:
        prediction: with ``y_true``, of rank 1 or 2.
        connectivity: of images, along how many axes at once pixels of one object may touch.

    Raises:
        InputError: nothing is known about what is true, or whole recordings have one label.
    """
    if prediction.y_true is None or prediction.rank == 0:
        what = "reference labels" if prediction.rank else "labels of steps"
        raise InputError(f"y_true: expected {what} to find segments in. Received {prediction.task.name} without")
    sides = (prediction.y_true, prediction.y_pred, prediction.labels)
    if prediction.rank == 1:
        return meet(
            *sides, multilabel=prediction.multilabel, reference=prediction.reference, prediction=prediction.predicted
        )
    return meet_images(
        *sides,
        multilabel=prediction.multilabel,
        connectivity=connectivity,
        reference=prediction.instances,
        prediction=prediction.predicted_instances,
    )


def _by_likeness(left: Items | Objects, right: Items | Objects, edges: Overlaps) -> tuple[Overlaps, Overlaps]:
    """The edges within a class, and those between classes that a substitution may be."""
    alike = left.label[edges.reference] == right.label[edges.prediction]
    return edges.take(alike), edges.take(~alike & edges.reaching(SUBSTITUTION_IOU))
