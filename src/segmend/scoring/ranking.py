"""Readings of a ranking: how well scores order what is there before what is not. No threshold enters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.errors import InputError


class PrecisionRecall(NamedTuple):
    """A precision-recall curve, from the highest threshold down; one point for each distinct score.

    Attributes:
        threshold: a step is positive from this score on, descending.
        precision, recall: at that threshold.
    """

    threshold: FloatArray
    precision: FloatArray
    recall: FloatArray


class Roc(NamedTuple):
    """A receiver operating characteristic, from the highest threshold down; one point for each distinct score.

    Attributes:
        threshold: a step is positive from this score on, descending; the first point, infinity, takes none.
        false_positive_rate: share of the negatives that are taken.
        recall: share of the positives that are taken.
    """

    threshold: FloatArray
    false_positive_rate: FloatArray
    recall: FloatArray


class Readings(NamedTuple):
    """Scores of one ranking; NaN where one is undefined."""

    average_precision: float
    roc_auc: float


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Scores of either side in ascending order, from which every reading of a ranking is made without sorting again.

    Attributes:
        positives: scores of what is there, shape (positives,).
        negatives: scores of what is not there, shape (negatives,).
    """

    positives: FloatArray
    negatives: FloatArray

    @classmethod
    def of(cls, true: BoolArray, score: FloatArray) -> Ranking:
        """Sort the scores of either side.

        Args:
            true: True for positives, shape (n,).
            score: higher is more positive, shape (n,).

        Raises:
            InputError: shapes differ.
        """
        true, score = np.asarray(true, bool), np.asarray(score)
        if true.shape != score.shape or true.ndim != 1:
            raise InputError(f"score: expected shape {true.shape} as of the labels. Received shape {score.shape}")
        return cls(np.sort(score[true]), np.sort(score[~true]))

    @classmethod
    def together(cls, rankings: Sequence[Ranking]) -> Ranking:
        """All that was ranked, in one ranking."""
        sides = ("positives", "negatives")
        return cls(*(np.sort(np.concatenate([getattr(each, side) for each in rankings])) for side in sides))

    def readings(self) -> Readings:
        """Both scores of the ranking, as ``average_precision`` and ``roc_auc`` define them."""
        there, missing = self.positives, self.negatives
        if not there.size:
            return Readings(float("nan"), float("nan"))
        first = _firsts(there)
        found = np.diff(first, append=there.size)
        below, not_above = (np.searchsorted(missing, there[first], side=side) for side in ("left", "right"))
        taken = there.size - first
        precision = np.sum(found * (taken / (taken + missing.size - below))) / there.size
        pairs = float(there.size) * float(missing.size)
        area = np.sum(found * (below + not_above)) / (2 * pairs) if pairs else np.nan
        return Readings(float(precision), float(area))

    def steps_down(self) -> tuple[IntArray, IntArray, FloatArray]:
        """Positives and negatives at or above each distinct score, and those scores, descending."""
        every = np.sort(np.concatenate([self.positives, self.negatives]))
        threshold = every[_firsts(every)]
        above = (side.size - np.searchsorted(side, threshold) for side in (self.positives, self.negatives))
        positives, negatives = (counts[::-1] for counts in above)
        return positives, negatives, threshold[::-1]


def roc_auc(true: BoolArray, score: FloatArray) -> float:
    """Probability that a positive scores above a negative, ties half (Mann and Whitney's U); NaN without both.

    Args:
        true: True for positives, shape (n,).
        score: higher is more positive, shape (n,).

    Examples:
        >>> roc_auc(np.array([False, True, True]), np.array([0.1, 0.1, 0.8]))
        0.75
    """
    return Ranking.of(true, score).readings().roc_auc


def average_precision(true: BoolArray, score: FloatArray) -> float:
    """Precision averaged over recall, as a sum over distinct scores without interpolation; NaN without positives.

    >>> average_precision(np.array([False, True, True]), np.array([0.4, 0.3, 0.8]))
    0.8333333333333333
    """
    return Ranking.of(true, score).readings().average_precision


def precision_recall_curve(true: BoolArray, score: FloatArray) -> PrecisionRecall:
    """Precision and recall at every distinct score; empty where there are no positives."""
    positives, negatives, threshold = Ranking.of(true, score).steps_down()
    if not positives.size or positives[-1] == 0:
        none = np.zeros(0)
        return PrecisionRecall(none, none, none)
    return PrecisionRecall(threshold, positives / (positives + negatives), positives / positives[-1])


def roc_curve(true: BoolArray, score: FloatArray) -> Roc:
    """Both rates at every distinct score; empty where there are no positives or no negatives.

    >>> roc_curve(np.array([False, True, True]), np.array([0.1, 0.1, 0.8])).recall.tolist()
    [0.0, 0.5, 1.0]
    """
    positives, negatives, threshold = Ranking.of(true, score).steps_down()
    if not positives.size or positives[-1] == 0 or negatives[-1] == 0:
        none = np.zeros(0)
        return Roc(none, none, none)
    rates = (np.concatenate([[0.0], counts / counts[-1]]) for counts in (negatives, positives))
    return Roc(np.concatenate([[np.inf], threshold]), *rates)


def _firsts(ranked: FloatArray) -> IntArray:
    """Where each distinct value begins in sorted ones."""
    new = np.ones(ranked.size, bool)
    np.not_equal(ranked[1:], ranked[:-1], out=new[1:])
    return np.flatnonzero(new)
