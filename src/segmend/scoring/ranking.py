"""Readings of a ranking: how well scores order what is there before what is not. No threshold enters."""

from __future__ import annotations

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


def roc_auc(true: BoolArray, score: FloatArray) -> float:
    """Probability that a positive scores above a negative, ties half (Mann and Whitney's U); NaN without both.

    Args:
        true: True for positives, shape (n,).
        score: higher is more positive, shape (n,).

    Examples:
        >>> roc_auc(np.array([False, True, True]), np.array([0.1, 0.1, 0.8]))
        0.75
    """
    positives, negatives = _steps_down(true, score)[:2]
    found, false = np.diff(positives, prepend=0), np.diff(negatives, prepend=0)
    if not positives.size or positives[-1] == 0 or negatives[-1] == 0:
        return float("nan")
    above = negatives[-1] - negatives + false / 2
    return float(np.sum(found * above) / (float(positives[-1]) * float(negatives[-1])))


def average_precision(true: BoolArray, score: FloatArray) -> float:
    """Precision averaged over recall, as a sum over distinct scores without interpolation; NaN without positives.

    >>> average_precision(np.array([False, True, True]), np.array([0.4, 0.3, 0.8]))
    0.8333333333333333
    """
    curve = precision_recall_curve(true, score)
    if not curve.recall.size:
        return float("nan")
    return float(np.sum(np.diff(curve.recall, prepend=0.0) * curve.precision))


def precision_recall_curve(true: BoolArray, score: FloatArray) -> PrecisionRecall:
    """Precision and recall at every distinct score; empty where there are no positives."""
    positives, negatives, threshold = _steps_down(true, score)
    if not positives.size or positives[-1] == 0:
        none = np.zeros(0)
        return PrecisionRecall(none, none, none)
    return PrecisionRecall(threshold, positives / (positives + negatives), positives / positives[-1])


def roc_curve(true: BoolArray, score: FloatArray) -> Roc:
    """Both rates at every distinct score; empty where there are no positives or no negatives.

    >>> roc_curve(np.array([False, True, True]), np.array([0.1, 0.1, 0.8])).recall.tolist()
    [0.0, 0.5, 1.0]
    """
    positives, negatives, threshold = _steps_down(true, score)
    if not positives.size or positives[-1] == 0 or negatives[-1] == 0:
        none = np.zeros(0)
        return Roc(none, none, none)
    rates = (np.concatenate([[0.0], counts / counts[-1]]) for counts in (negatives, positives))
    return Roc(np.concatenate([[np.inf], threshold]), *rates)


def _steps_down(true: BoolArray, score: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Positives and negatives at or above each distinct score, and those scores, descending."""
    true, score = np.asarray(true, bool), np.asarray(score)
    if true.shape != score.shape or true.ndim != 1:
        raise InputError(f"score: expected shape {true.shape} as of the labels. Received shape {score.shape}")
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    last = np.append(np.flatnonzero(np.diff(ranked)), ranked.size - 1)[: ranked.size]
    positives = np.cumsum(true[order])[last]
    return positives, last + 1 - positives, ranked[last]
