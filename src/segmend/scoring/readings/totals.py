"""Readings of how many there are, whatever their places."""

from __future__ import annotations

import math
from typing import Any

from segmend.scoring.readings.counts import Counts, Where, divide


def bias(counts: Counts) -> Any:
    """``fp - fn``: predicted minus reference.

    >>> bias(Counts(tp=5, fp=3, fn=1))
    2
    """
    return counts.fp - counts.fn


def ratio(counts: Counts, *, zero_division: float = math.nan, where: Where | None = None) -> Any:
    """``(tp + fp) / (tp + fn)``: predicted over reference; undefined where nothing is there.

    >>> ratio(Counts(tp=5, fp=3, fn=1)), ratio(Counts(tp=0, fp=3, fn=0))
    (1.3333333333333333, nan)
    """
    return divide(counts.tp + counts.fp, counts.tp + counts.fn, zero_division, where)
