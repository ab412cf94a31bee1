"""Tiles that cover all recordings once, and how wrong a model was in each of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from segmend import tiling
from segmend.core.labels import IGNORE
from segmend.core.types import FloatArray, IntArray

LEAST = 1e-6
"""Added to every error, so that a model that is right everywhere still draws."""


class Tiles:
    """Places of one window each, side by side, from which those are drawn more often where a model was wrong.

    Tiles without a judged step are none. Of recordings with one label the tiles have their recording's.

    Args:
        y_true: labels of each recording.
        sizes: length of each recording along each spatial axis, shape (recordings, axes).
        length: of a window along each axis.
        rank: number of spatial axes of the labels.

    Attributes:
        recording: number of the recording, shape (tiles,).
        first: first step along each axis, shape (tiles, axes).
        error: how wrong the model last was there, shape (tiles,); NaN where nobody has looked.

    Examples:
        >>> tiles = Tiles([np.array([0, 0, 1, 1, 0, -1, -1, -1])], np.array([[8]]), length=2, rank=1)
        >>> tiles.first[:, 0].tolist()
        [0, 2, 4]
        >>> tiles.update(np.array([0, 1, 2]), np.array([0.0, 0.0, 0.7]))
        >>> bool((tiles.draw(np.random.default_rng(0), 100) == 2).all())
        True
    """

    def __init__(self, y_true: Sequence[IntArray], sizes: IntArray, *, length: int, rank: int) -> None:
        rows = [_of_one(labels, size, length, rank) for labels, size in zip(y_true, sizes, strict=True)]
        self.recording = np.repeat(np.arange(len(rows)), [len(each) for each in rows])
        self.first = np.concatenate(rows)
        self.error = np.full(len(self.recording), np.nan)
        self._reach = np.arange(1.0, len(self) + 1)

    def __len__(self) -> int:
        return int(self.recording.size)

    def draw(self, rng: np.random.Generator, count: int) -> IntArray:
        """Numbers of tiles by their error, shape (count,); those nobody looked at count as the mean of the others."""
        return np.searchsorted(self._reach, rng.random(count) * self._reach[-1], side="right")

    def update(self, at: IntArray, error: FloatArray) -> None:
        """Note how wrong the model is.

        Args:
            at: numbers of tiles, shape (n,).
            error: shape (n,); below 0 counts as 0, and what is no number as not looked at.
        """
        self.error[at] = np.where(np.isfinite(error), np.maximum(error, 0.0), np.nan)
        known = np.isfinite(self.error)
        usual = self.error[known].mean() if known.any() else 1.0
        self._reach = np.cumsum(np.where(known, self.error, usual) + LEAST)


def _of_one(labels: IntArray, size: IntArray, length: int, rank: int) -> IntArray:
    """First steps of one recording's tiles, shape (tiles, axes)."""
    axes = len(size)
    whole, window, one = tuple(size.tolist()), (length,) * axes, (1,) * axes
    corners = np.array(tiling.tile_corners(whole, window, window, one), np.int64).reshape(-1, axes)
    if not (labels == IGNORE).any():
        return corners
    if rank == 0:
        return corners[:0]
    return corners[[any_judged(labels[box(corner, length)], rank) for corner in corners.tolist()]]


def any_judged(labels: IntArray, rank: int) -> bool:
    """Whether a loss would count one of the steps; of overlapping labels, those judged for every class.

    Examples:
        >>> any_judged(np.array([-1, 0]), 1), any_judged(np.array([[1, -1], [-1, -1]]), 1)
        (True, False)
    """
    judged = labels != IGNORE
    return bool((judged.all(axis=-1) if labels.ndim > rank else judged).any())


def box(first: Sequence[int], length: int) -> tuple[slice, ...]:
    """The window that begins at a step.

    Examples:
        >>> box([3], 2)
        (slice(3, 5, None),)
    """
    return tuple(slice(low, low + length) for low in first)
