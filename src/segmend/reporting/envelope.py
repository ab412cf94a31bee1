"""A signal thinned for a screen: the minimum and the maximum of each column of steps, the earlier one first.

A million steps do not fit into a page, nor onto a screen. Keeping both extremes of every column shows each spike that
the full signal would show at that zoom.
"""

from __future__ import annotations

import numpy as np

from segmend.core.types import FloatArray, IntArray

CHUNK = 1 << 18


def width_for(steps: int, points: int) -> int:
    """Steps per column so that at most about ``points`` points are kept; 1 keeps every step.

    >>> width_for(1000, 1000), width_for(1000, 999), width_for(1_000_000, 8000)
    (1, 3, 250)
    """
    return 1 if steps <= points else max(3, -(-2 * steps // max(points, 2)))


def envelope(rows: FloatArray, width: int) -> FloatArray:
    """Two points per column of ``width`` steps: its extremes, the earlier one first.

    Args:
        rows: shape (steps, channels); a memory map is read chunk by chunk.
        width: steps per column; 1 returns every step.

    Returns:
        Shape (2 x columns, channels), or (steps, channels) for width 1. Point j stands at step (j + 0.5) x width / 2.
        Columns without a finite value are NaN.

    Examples:
        >>> envelope(np.array([[0.0], [9.0], [1.0], [5.0], [-3.0], [2.0]]), 3).ravel().tolist()
        [0.0, 9.0, 5.0, -3.0]
    """
    if width == 1:
        return np.asarray(rows, np.float64)
    chunk = max(1, CHUNK // width) * width
    parts = [_columns(rows[start : start + chunk], width) for start in range(0, len(rows), chunk)]
    return np.concatenate(parts) if parts else np.zeros((0, rows.shape[1]))


def _columns(rows: FloatArray, width: int) -> FloatArray:
    rows = np.asarray(rows, np.float64)
    missing = -len(rows) % width
    rows = np.concatenate([rows, np.full((missing, rows.shape[1]), np.nan)]) if missing else rows
    blocks = rows.reshape(-1, width, rows.shape[1])
    finite = np.isfinite(blocks)
    lowest = _at(blocks, np.where(finite, blocks, np.inf).argmin(axis=1))
    highest = _at(blocks, np.where(finite, blocks, -np.inf).argmax(axis=1))
    pair = np.where(lowest[1] <= highest[1], (lowest[0], highest[0]), (highest[0], lowest[0]))
    pair[:, ~finite.any(axis=1)] = np.nan
    points: FloatArray = pair.transpose(1, 0, 2).reshape(-1, rows.shape[1])
    return points


def _at(blocks: FloatArray, index: IntArray) -> tuple[FloatArray, IntArray]:
    return np.take_along_axis(blocks, index[:, None, :], axis=1)[:, 0, :], index
