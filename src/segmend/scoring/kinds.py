"""Kinds of error, after Ward, Lukowicz and Gellersen (2011), "Performance metrics for activity recognition".

Per class, from the overlap graph: insertion, deletion, fragmentation, merge, overfill, underfill; and between
classes, substitution. They account for the count exactly::

    predicted - reference = insertions + fragmentations - deletions - merges

where a substitution counts as one insertion (of the predicted class) and one deletion (of the true class).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from segmend.core.types import BoolArray, IntArray
from segmend.scoring.matching import maximum
from segmend.scoring.overlaps import Overlaps


class Sized(Protocol):
    """Segments of one side, as far as errors look at them: how many, and the steps of each."""

    def __len__(self) -> int: ...

    @property
    def size(self) -> IntArray:
        """Steps of each segment, shape (n,)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """Which segment is which error.

    Attributes:
        inserted: predictions that meet no reference of their class and are no substitution, shape (predictions,).
        deleted: references that meet no prediction of their class and are no substitution, shape (references,).
        substituted: the pairs of different classes that are one substitution each.
        pairs: edges of ``same`` whose ends meet nothing else of their class.
        same: edges between segments of one class.
    """

    inserted: BoolArray
    deleted: BoolArray
    substituted: Overlaps
    pairs: BoolArray
    same: Overlaps


def kinds(reference: Sized, prediction: Sized, same: Overlaps, lookalikes: Overlaps) -> Kinds:
    """Sort every departure of the prediction from the reference into kinds.

    Args:
        reference: what is there.
        prediction: what was predicted.
        same: pairs of one class that share a step.
        lookalikes: pairs of different classes whose IoU is that of a substitution.
    """
    met_by = np.bincount(same.reference, minlength=len(reference))
    meets = np.bincount(same.prediction, minlength=len(prediction))
    mistaken = lookalikes.take((met_by[lookalikes.reference] == 0) & (meets[lookalikes.prediction] == 0))
    mistaken = mistaken.take(maximum(mistaken))
    inserted, deleted = meets == 0, met_by == 0
    inserted[mistaken.prediction] = False
    deleted[mistaken.reference] = False
    pairs = (met_by[same.reference] == 1) & (meets[same.prediction] == 1)
    return Kinds(inserted, deleted, mistaken, pairs, same)


@dataclass(frozen=True, slots=True, eq=False)
class ErrorCounts:
    """How many errors of each kind, each of shape (recordings, classes).

    Attributes:
        insertion, deletion, fragmentation, merge: of the class.
        substitution: by the reference's class.
        substituting: the same pairs by the predicted class.
        overfill_steps, underfill_steps: at the ends of one-to-one pairs.
    """

    insertion: IntArray
    deletion: IntArray
    fragmentation: IntArray
    merge: IntArray
    substitution: IntArray
    substituting: IntArray
    overfill_steps: IntArray
    underfill_steps: IntArray

    def take(self, index: IntArray) -> ErrorCounts:
        """The recordings of an index, which may repeat them."""
        return ErrorCounts(*(getattr(self, name)[index] for name in ERRORS))


ERRORS = tuple(ErrorCounts.__dataclass_fields__)


def count_errors(
    found: Kinds, reference: Sized, prediction: Sized, reference_cell: IntArray, prediction_cell: IntArray, cells: int
) -> list[IntArray]:
    """The columns of ``ErrorCounts``, flat over cells (one cell for each recording and class)."""

    def count(cell: IntArray) -> IntArray:
        return np.bincount(cell, minlength=cells)

    def total(cell: IntArray, steps: IntArray) -> IntArray:
        return np.bincount(cell, weights=steps, minlength=cells).astype(np.int64)

    same, mistaken = found.same, found.substituted
    edge_cell = reference_cell[same.reference]
    every = count(edge_cell)
    missed, wrong = count(reference_cell[found.deleted]), count(prediction_cell[found.inserted])
    true_class, said_class = count(reference_cell[mistaken.reference]), count(prediction_cell[mistaken.prediction])
    met = count(reference_cell) - missed - true_class
    meeting = count(prediction_cell) - wrong - said_class
    row, column, steps = same.reference[found.pairs], same.prediction[found.pairs], same.steps[found.pairs]
    pair_cell = edge_cell[found.pairs]
    over = total(pair_cell, prediction.size[column] - steps)
    under = total(pair_cell, reference.size[row] - steps)
    return [wrong, missed, every - met, every - meeting, true_class, said_class, over, under]
