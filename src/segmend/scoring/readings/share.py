"""Readings of a share of everything that was judged."""

from __future__ import annotations

import math
from typing import Any

from segmend.scoring.readings.counts import Counts, Where, divide


def accuracy(counts: Counts, *, zero_division: float = math.nan, where: Where | None = None) -> Any:
    """``(tp + tn) / all``: the share of one-against-the-rest decisions that are right.

    >>> accuracy(Counts(tp=1, fp=1, fn=0, tn=2))
    0.75
    """
    right = counts.tp + counts.tn
    return divide(right, right + counts.fp + counts.fn, zero_division, where)


def prevalence(counts: Counts, *, zero_division: float = math.nan, where: Where | None = None) -> Any:
    """``(tp + fn) / all``: the share that is of the class in the reference.

    >>> prevalence(Counts(tp=1, fp=1, fn=0, tn=2))
    0.25
    """
    there = counts.tp + counts.fn
    return divide(there, there + counts.fp + counts.tn, zero_division, where)
