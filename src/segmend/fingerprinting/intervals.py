"""How sure a share or a mean is where what is drawn are groups, not items."""

from __future__ import annotations

import math

import numpy as np

from segmend.core.types import FloatArray, IntArray

SURE = 2.58
"""Standard deviations, of 99 per cent."""


def ratio(sums: FloatArray | IntArray, size: FloatArray | IntArray) -> tuple[float, float]:
    """The mean over all items and its standard error (linearised variance of a ratio).

    Source: Cochran, Sampling techniques, 3rd edition, Wiley 1977, chapter 9, on clusters of unequal sizes.

    Args:
        sums: over the items of each group, shape (groups,).
        size: number of these, shape (groups,).

    Examples:
        >>> ratio(np.array([1, 1]), np.array([4, 4])), ratio(np.array([2, 0]), np.array([4, 4]))
        ((0.25, 0.0), (0.25, 0.25))
    """
    number, groups = max(1.0, float(size.sum())), np.count_nonzero(size)
    mean = float(sums.sum()) / number
    off = np.square(sums - mean * size).sum() * groups / max(1, groups - 1)
    return mean, math.sqrt(off) / number


def share_between(hits: FloatArray | IntArray, size: FloatArray | IntArray) -> tuple[float, float]:
    """Between what a share of items lies, with 99 per cent; arguments as ``ratio``."""
    share, error = ratio(hits, size)
    return max(0.0, share - SURE * error), min(1.0, share + SURE * error)
