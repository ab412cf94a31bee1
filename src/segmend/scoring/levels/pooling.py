"""One number from many recordings."""

from __future__ import annotations

import numpy as np

from segmend.core.types import FloatArray
from segmend.scoring.measures import mean_defined
from segmend.scoring.readings import Counts, f1


def over_recordings(values: FloatArray, pooling: str, pooled: float) -> float:
    """The pooled value, or the mean of the recordings' values where they are defined."""
    return pooled if pooling == "pooled" else float(mean_defined(values))


def f1_over_recordings(counts: Counts, pooling: str) -> FloatArray:
    """F1 of counts of shape (recordings, ...): of the summed counts, or the mean of the recordings' F1."""
    if pooling == "pooled":
        return f1(Counts(*(np.sum(column, axis=0) for column in counts[:3])))
    return mean_defined(np.moveaxis(f1(counts), 0, -1))
