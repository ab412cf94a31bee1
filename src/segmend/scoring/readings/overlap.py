"""Readings of how far prediction and reference agree on one class; no true negative enters but for specificity."""

from __future__ import annotations

import math
from typing import Any

from segmend.scoring.readings.counts import Counts, Where, divide


def f1(counts: Counts, *, zero_division: float = math.nan, smooth: float = 0.0, where: Where | None = None) -> Any:
    """``2 tp / (2 tp + fp + fn)``: the harmonic mean of precision and recall.

    Args:
        counts: numbers or arrays; the result has their shape.
        zero_division: the score of a class that is neither there nor predicted.
        smooth: added above and below; for soft counts.
        where: see ``divide``.

    Examples:
        >>> f1(Counts(tp=1, fp=1, fn=0))
        0.6666666666666666
    """
    twice = 2 * counts.tp + smooth
    return divide(twice, twice + counts.fp + counts.fn, zero_division, where)


dice = f1


def f_beta(counts: Counts, *, beta: float = 1.0, zero_division: float = math.nan, where: Where | None = None) -> Any:
    """``(1 + b) tp / ((1 + b) tp + b fn + fp)`` with ``b = beta ** 2``: recall weighs ``beta`` times precision.

    Source: van Rijsbergen 1979, "Information Retrieval".

    Examples:
        >>> f_beta(Counts(tp=2, fp=0, fn=2), beta=2.0), f1(Counts(tp=2, fp=0, fn=2))
        (0.5555555555555556, 0.6666666666666666)
    """
    square = beta * beta
    shared = (1 + square) * counts.tp
    return divide(shared, shared + square * counts.fn + counts.fp, zero_division, where)


def iou(counts: Counts, *, zero_division: float = math.nan, smooth: float = 0.0, where: Where | None = None) -> Any:
    """``tp / (tp + fp + fn)``: intersection over union, the Jaccard index.

    >>> iou(Counts(tp=1, fp=1, fn=0))
    0.5
    """
    shared = counts.tp + smooth
    return divide(shared, shared + counts.fp + counts.fn, zero_division, where)


def tversky(
    counts: Counts,
    *,
    alpha: float = 0.5,
    beta: float = 0.5,
    zero_division: float = math.nan,
    smooth: float = 0.0,
    where: Where | None = None,
) -> Any:
    """``tp / (tp + alpha fp + beta fn)``: ``f1`` where both are one half, ``iou`` where both are 1 (Tversky 1977).

    >>> tversky(Counts(tp=2, fp=1, fn=4), alpha=0.0, beta=0.5)
    0.5
    """
    shared = counts.tp + smooth
    return divide(shared, shared + alpha * counts.fp + beta * counts.fn, zero_division, where)


def precision(counts: Counts, *, zero_division: float = math.nan, where: Where | None = None) -> Any:
    """``tp / (tp + fp)``: the share of what was predicted that is right.

    >>> precision(Counts(tp=1, fp=3, fn=0))
    0.25
    """
    return divide(counts.tp, counts.tp + counts.fp, zero_division, where)


def recall(counts: Counts, *, zero_division: float = math.nan, where: Where | None = None) -> Any:
    """``tp / (tp + fn)``: the share of what is there that was found.

    >>> recall(Counts(tp=1, fp=3, fn=1))
    0.5
    """
    return divide(counts.tp, counts.tp + counts.fn, zero_division, where)


def specificity(counts: Counts, *, zero_division: float = math.nan, where: Where | None = None) -> Any:
    """``tn / (tn + fp)``: the share of what is not of the class that was left alone.

    >>> specificity(Counts(tp=1, fp=1, fn=1, tn=3))
    0.75
    """
    return divide(counts.tn, counts.tn + counts.fp, zero_division, where)
