"""Counts of events found within a collar, per recording and class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import BoolArray, IntArray
from segmend.scoring.collars.collar import Collar
from segmend.scoring.collars.pairs import CONDITIONS, Condition, Pairs, in_turn, largest
from segmend.scoring.collars.shifts import Shifts, shifts
from segmend.scoring.collars.windows import field
from segmend.scoring.items import Items
from segmend.scoring.readings import Counts


@dataclass(frozen=True, slots=True, eq=False)
class CollarTally:
    """What collar scores are read from; class axes run over all of ``labels``, the background's column being 0.

    An axis of length 3 is that of ``CONDITIONS``: onset, offset, both.

    Attributes:
        labels: class names and the background.
        collar: tolerances, in steps.
        reference, predicted: number of events, shape (recordings, classes).
        tp: matched pairs, shape (3, recordings, classes).
        substitutions: pairs of different classes among what is left, shape (3, recordings).
        by_onset, by_both: how far the pairs lie off that match by onset, and those that match by both.
    """

    labels: Labels
    collar: Collar
    reference: IntArray
    predicted: IntArray
    tp: IntArray
    substitutions: IntArray
    by_onset: Shifts
    by_both: Shifts

    def __len__(self) -> int:
        return int(self.reference.shape[0])

    def take(self, index: IntArray | BoolArray | Sequence[int]) -> CollarTally:
        """The recordings of an index, which may repeat them, or of a mask."""
        at = np.asarray(index)
        at = np.flatnonzero(at) if at.dtype == bool else at.astype(np.int64)
        return CollarTally(
            self.labels,
            self.collar,
            self.reference[at],
            self.predicted[at],
            self.tp[:, at],
            self.substitutions[:, at],
            self.by_onset.take(at),
            self.by_both.take(at),
        )

    def counts(self) -> Counts:
        """Counts of events under each condition, each of shape (3, recordings, classes)."""
        return Counts(self.tp, self.predicted - self.tp, self.reference - self.tp, None)


def collar_tally(
    reference: Items, prediction: Items, collar: Collar, labels: Labels, recordings: int, *, lane: int = 0
) -> CollarTally:
    """Match events by onset, by offset and by both, one to one within a recording and class, as many as possible.

    The onset may be off by ``collar.tolerance``, the offset by that or by ``collar.offset_share`` of the reference's
    length, whichever is more. n log n where no prediction lies within another of its class.

    Substitutions are counted as sed_eval does: each reference that is left, in order of onset, takes the first
    prediction left, of any class, that lies within the collar.

    Args:
        reference: events that are there.
        prediction: predicted events, on the same axis.
        collar: tolerances, in steps.
        labels: class names and the background.
        recordings: how many there are.
        lane: length of each class's lane on the axis of the events, 0 where all lie in one.

    Source:
        Mesaros et al. 2016, "Metrics for polyphonic sound event detection".

    Examples:
        >>> row = lambda *column: np.array(column)
        >>> there = Items(row(0, 0), row(10, 50), row(20, 60), row(1, 1))
        >>> said = Items(row(0, 0), row(12, 70), row(27, 80), row(1, 1))
        >>> collar_tally(there, said, Collar(2), Labels.numbered(2), 1).tp[:, 0, 1]
        array([1, 0, 0])
    """
    left, right = (side.recording * len(labels) + side.label for side in (reference, prediction))
    within = field(reference, prediction, collar, (left, right))
    found = {condition: largest(within, condition) for condition in CONDITIONS}

    def count(cell: IntArray) -> IntArray:
        return np.bincount(cell, minlength=recordings * len(labels)).reshape(recordings, len(labels))

    swapped = [_substituted(reference, prediction, collar, pairs, name, lane) for name, pairs in found.items()]
    return CollarTally(
        labels,
        collar,
        count(left),
        count(right),
        np.stack([count(left[pairs.reference]) for pairs in found.values()]),
        np.stack([np.bincount(recording, minlength=recordings) for recording in swapped]),
        shifts(reference, prediction, found["onset"]),
        shifts(reference, prediction, found["both"]),
    )


def _substituted(
    reference: Items, prediction: Items, collar: Collar, pairs: Pairs, condition: Condition, lane: int
) -> IntArray:
    """The recording of each pair among what is left; no two of one class fit, or they would be matched."""
    left, right = _without(reference, pairs.reference), _without(prediction, pairs.prediction)
    across = field(left, right, collar, (left.recording, right.recording), lane=lane)
    return left.recording[in_turn(across, condition).reference]


def _without(items: Items, rows: IntArray) -> Items:
    keep = np.ones(len(items), bool)
    keep[rows] = False
    return Items(items.recording[keep], items.start[keep], items.stop[keep], items.label[keep], items.apart)
