"""The numbers that an objective may name, each read from sums over recordings.

A measure is two functions: what it sums over recordings, and what it reads from the sums. So one tally, a resampled
tally and thousands of weighted resamples go through the same two lines.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.scoring.panoptic import mean_over_classes
from segmend.scoring.readings import Counts, balanced_accuracy, divide, f1
from segmend.scoring.tallies import Tally

Sums = Callable[[Tally], FloatArray]
Reading = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of a tally.

    Attributes:
        sums: what to sum over recordings, (recordings, k).
        read: from sums of shape (..., k) to values of shape (...).
        most: the highest value that it can have; the lowest is 0.
        error: whether it is better small.
    """

    sums: Sums
    read: Reading
    most: float = 1.0
    error: bool = False


def segment_f1(threshold: int) -> Measure:
    """Segment F1 at an IoU threshold in per cent, pooled over classes and recordings."""

    def sums(tally: Tally) -> FloatArray:
        counts = tally.segments(threshold)
        return np.stack([column.sum(axis=1) for column in counts[:3]], axis=1).astype(np.float64)

    return Measure(sums, _pooled)


def macro_segment_f1(threshold: int) -> Measure:
    """Mean over classes of the segment F1 at an IoU threshold in per cent."""
    return Measure(lambda tally: _per_class(tally.segments(threshold)), _macro)


def mean_cost(table: Sequence[Sequence[float]] | None) -> Measure:
    """What the mistakes of a step cost on average.

    Args:
        table: the cost of predicting the column's class where the row's is true; None can be named but not measured.
    """

    def sums(tally: Tally) -> FloatArray:
        if table is None:
            raise InputError(
                "cost: expected a table of what mistakes cost (cost=..., or costs in dataset.json). Received none"
            )
        if tally.step.confusion is None:
            raise InputError("cost: expected one label for each step. Received labels that may overlap")
        prices = np.asarray(table, np.float64)
        return np.stack([(tally.step.confusion * prices).sum(axis=(1, 2)), tally.step.judged], axis=1)

    return Measure(sums, _quotient, most=math.inf, error=True)


def _per_class(counts: Counts) -> FloatArray:
    return np.concatenate(counts[:3], axis=1).astype(np.float64)


def _pooled(sums: FloatArray) -> FloatArray:
    return f1(Counts(*np.moveaxis(sums, -1, 0)))


def _macro(sums: FloatArray) -> FloatArray:
    return mean_defined(f1(Counts(*np.split(sums, 3, axis=-1))))


def _balanced(sums: FloatArray) -> FloatArray:
    found: FloatArray = balanced_accuracy(Counts(*np.split(sums, 3, axis=-1)))
    return found


def _step_accuracy(tally: Tally) -> FloatArray:
    return np.stack([tally.step.right, tally.step.judged], axis=1).astype(np.float64)


def _count_error(tally: Tally) -> FloatArray:
    error = np.abs((tally.predicted - tally.reference).sum(axis=1))
    return np.stack([error, np.ones(len(tally))], axis=1).astype(np.float64)


def _quotient(sums: FloatArray) -> FloatArray:
    return divide(sums[..., 0], sums[..., 1])


def mean_defined(values: FloatArray) -> FloatArray:
    """Mean over the last axis without NaN; NaN where nothing is left.

    >>> mean_defined(np.array([[1.0, np.nan, 0.5], [np.nan] * 3]))
    array([0.75,  nan])
    """
    values = np.asarray(values, np.float64)
    known = ~np.isnan(values)
    return divide(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1))


def _objects(tally: Tally) -> FloatArray:
    if tally.panoptic is None:
        raise InputError("panoptic_quality: expected images, which have objects. Received signals")
    return tally.panoptic.sums()


PLAIN = {
    "balanced_accuracy": Measure(lambda tally: _per_class(tally.step.tables), _balanced),
    "count_mae": Measure(_count_error, _quotient, most=math.inf, error=True),
    "macro_f1": Measure(lambda tally: _per_class(tally.step.tables), _macro),
    "panoptic_quality": Measure(_objects, lambda sums: mean_over_classes(sums).pq),
    "step_accuracy": Measure(_step_accuracy, _quotient),
}

AT_THRESHOLD = {
    "segment_f1": segment_f1,
    "macro_f1": macro_segment_f1,
}


def evaluate(measure: Measure, tally: Tally, weights: FloatArray | None = None) -> FloatArray:
    """The measure of a tally, or of each weighting of its recordings.

    Args:
        measure: what to read.
        tally: counts per recording.
        weights: how often each recording counts, shape (draws, recordings).

    Returns:
        A scalar array, or shape (draws,).
    """
    sums = measure.sums(tally)
    return measure.read(sums.sum(axis=0) if weights is None else weights @ sums)
