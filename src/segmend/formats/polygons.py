"""Which pixels lie in a polygon."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from segmend.core.types import BoolArray, FloatArray


def fill(rings: Sequence[FloatArray], shape: tuple[int, int]) -> BoolArray:
    """The pixels whose middle lies in any of some polygons, shape (height, width).

    The pixel in row r and column c has its middle at x = c + 0.5, y = r + 0.5, so that a box from 0 to 2 takes two
    pixels. What a ring encloses twice is outside of it.

    Args:
        rings: corners (x, y) of each polygon, shape (corners, 2); the last is joined to the first.
        shape: (height, width).

    Examples:
        >>> fill([np.array([[0, 0], [2, 0], [2, 1], [0, 1]])], (2, 3)).astype(int).tolist()
        [[1, 1, 0], [0, 0, 0]]
    """
    mask = np.zeros(shape, bool)
    for ring in rings:
        top, bottom = np.clip(np.ceil([ring[:, 1].min() - 0.5, ring[:, 1].max() - 0.5]), 0, shape[0]).astype(int)
        if top < bottom:
            mask[top:bottom] |= _inside(ring, top, bottom, shape[1])
    return mask


def _inside(ring: FloatArray, top: int, bottom: int, width: int) -> BoolArray:
    """The rows from ``top`` to before ``bottom``: each edge that crosses a row turns all pixels right of it over."""
    start, stop = ring, np.roll(ring, -1, axis=0)
    down = (start[:, 1] > stop[:, 1])[:, None]  # an edge and its reverse must round to the same crossing
    lower, upper = np.where(down, stop, start), np.where(down, start, stop)
    middle = np.arange(top, bottom) + 0.5
    edge, row = np.nonzero((lower[:, 1:] <= middle) & (middle < upper[:, 1:]))
    along = (middle[row] - lower[edge, 1]) / (upper[edge, 1] - lower[edge, 1])
    x = lower[edge, 0] + along * (upper[edge, 0] - lower[edge, 0])
    column = np.clip(np.ceil(x - 0.5), 0, width).astype(np.int64)
    turns = np.zeros((bottom - top, width + 1), np.int64)
    np.add.at(turns, (row, column), 1)
    return np.cumsum(turns, axis=1)[:, :width] % 2 == 1
