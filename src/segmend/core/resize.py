"""Signals and images brought to another size."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from segmend.core.types import FloatArray


def resized(signal: FloatArray, size: Sequence[int]) -> FloatArray:
    """A recording at another size, each axis by itself.

    Linear interpolation between the centres of steps; where an axis becomes shorter, each new step is a weighted mean
    of all that it covers (a triangle as wide as two new steps), so that nothing fine turns into something coarse.

    Args:
        signal: shape (*spatial, channels), at least one step along each axis.
        size: new length of each spatial axis.

    Returns:
        float32 of shape (*size, channels).

    Examples:
        >>> resized(np.array([[0.0], [2.0], [4.0], [6.0]]), (2,))[:, 0].astype(float).round(2).tolist()
        [1.43, 4.57]
        >>> resized(np.ones((3, 5, 2)), (6, 2)).shape
        (6, 2, 2)
    """
    values = np.asarray(signal, np.float32)
    for axis, length in enumerate(size):
        if values.shape[axis] != length:
            values = np.moveaxis(np.tensordot(_weights(values.shape[axis], int(length)), values, (1, axis)), 0, axis)
    return np.ascontiguousarray(values, np.float32)


@lru_cache(maxsize=64)
def _weights(old: int, new: int) -> FloatArray:
    """How much each old step weighs in each new one, shape (new, old); rows sum to 1."""
    scale = old / new
    centre = (np.arange(new) + 0.5) * scale - 0.5
    away = np.abs(np.arange(old) - centre[:, None]) / max(scale, 1.0)
    weight = np.maximum(0.0, 1.0 - away)
    return (weight / weight.sum(axis=1, keepdims=True)).astype(np.float32)
