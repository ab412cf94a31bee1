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
    lower, upper = np.minimum(start[:, 1], stop[:, 1]), np.maximum(start[:, 1], stop[:, 1])
    middle = np.arange(top, bottom) + 0.5
    edge, row = np.nonzero((lower[:, None] <= middle) & (middle < upper[:, None]))
    along = (middle[row] - start[edge, 1]) / (stop[edge, 1] - start[edge, 1])
    x = start[edge, 0] + along * (stop[edge, 0] - start[edge, 0])
    column = np.clip(np.ceil(x - 0.5), 0, width).astype(np.int64)
    turns = np.zeros((bottom - top, width + 1), np.int64)
    np.add.at(turns, (row, column), 1)
    return np.cumsum(turns, axis=1)[:, :width] % 2 == 1
