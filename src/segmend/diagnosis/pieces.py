"""How the predicted segments of one class lie over its reference segments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.types import BoolArray, IntArray
from segmend.scoring.meetings import meeting_of
from segmend.scoring.objects import Objects
from segmend.scoring.overlaps import Overlaps


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """The segments of one class, over all recordings.

    Attributes:
        length: steps in each reference segment, shape (reference,).
        met: number of predicted segments of the class that meet each reference segment, shape (reference,).
        predicted_length: steps in each predicted segment, shape (predicted,).
        covers: number of reference segments of the class that each predicted segment meets, shape (predicted,).
        main: whether it is the longest part of some reference segment, shape (predicted,).
        inserted: whether it meets none and stands for no item of another class either, shape (predicted,).
        deleted: whether a reference segment meets none and no item of another class stands for it, shape (reference,).
    """

    length: IntArray
    met: IntArray
    predicted_length: IntArray
    covers: IntArray
    main: BoolArray
    inserted: BoolArray
    deleted: BoolArray

    @property
    def reference(self) -> int:
        """Number of reference segments."""
        return self.length.size

    @property
    def predicted(self) -> int:
        """Number of predicted segments."""
        return self.predicted_length.size

    @property
    def fragments(self) -> int:
        """Pieces beyond the first of each reference segment."""
        return int(np.maximum(self.met - 1, 0).sum())

    @property
    def merged(self) -> int:
        """Reference segments beyond the first that each predicted segment meets."""
        return int(np.maximum(self.covers - 1, 0).sum())

    @property
    def insertions(self) -> int:
        """Predicted segments where there is nothing."""
        return int(self.inserted.sum())

    @property
    def short_below(self) -> int:
        """Steps that 95 % of the reference segments reach, at least 2."""
        return max(2, int(np.quantile(self.length, 0.05))) if self.length.size else 2

    @property
    def short_insertions(self) -> int:
        """Insertions shorter than 95 % of the reference segments."""
        return int((self.inserted & (self.predicted_length < self.short_below)).sum())

    @property
    def extra(self) -> int:
        """Pieces beyond the first, and insertions shorter than real segments are."""
        return self.fragments + self.short_insertions

    @property
    def long_insertions(self) -> int:
        """Insertions as long as real segments are."""
        return self.insertions - self.short_insertions

    @property
    def deletions(self) -> int:
        """Reference segments where nothing is predicted."""
        return int(self.deleted.sum())

    @property
    def extra_length(self) -> IntArray:
        """Steps in each insertion, and in each part of a reference segment that is not its longest."""
        return self.predicted_length[self.inserted | (~self.main & (self.covers > 0))]


def of_prediction(prediction: Prediction) -> list[Pieces]:
    """One entry per class number; the background has no segments.

    Args:
        prediction: with ``y_true``; steps that are not judged cut both sides.
    """
    met = meeting_of(prediction)
    found = met.kinds()
    reference, predicted = met.reference, met.prediction
    met_by = np.bincount(found.same.reference, minlength=len(reference))
    covers = np.bincount(found.same.prediction, minlength=len(predicted))
    if isinstance(predicted, Objects):
        # What is not judged may join the parts of an object: that it lies over several of them is no merge.
        covers = np.where(predicted.unjudged > 0, np.minimum(covers, 1), covers)
    main = _main(found.same, len(predicted))
    apart = []
    for number in range(len(prediction.labels)):
        ours, theirs = reference.label == number, predicted.label == number
        apart.append(
            Pieces(
                length=reference.size[ours],
                met=met_by[ours],
                predicted_length=predicted.size[theirs],
                covers=covers[theirs],
                main=main[theirs],
                inserted=found.inserted[theirs],
                deleted=found.deleted[ours],
            )
        )
    return apart


def by_label(prediction: Prediction, least: int) -> dict[str, Pieces]:
    """Those of each class with so many reference segments, by its name."""
    parts = zip(prediction.labels.names, of_prediction(prediction), strict=True)
    return {name: part for name, part in parts if part.reference >= least}


def _main(same: Overlaps, predicted: int) -> BoolArray:
    """Whether a predicted segment shares more steps with some reference segment than any other does."""
    order = np.lexsort((-same.prediction, same.steps, same.reference))
    closes = np.diff(same.reference[order], append=-1) != 0
    main = np.zeros(predicted, bool)
    main[same.prediction[order[closes]]] = True
    return main
