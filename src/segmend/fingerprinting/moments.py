"""Mean, spread and range of channels, a chunk at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from segmend.core.types import FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """What is known of the finite samples of each channel, shape (channels,) each.

    Attributes:
        count: number of finite samples.
        mean: their mean, 0 where there are none.
        squares: sum of their squared distances to the mean.
        low, high: their range; +inf and -inf where there are none.
    """

    count: IntArray
    mean: FloatArray
    squares: FloatArray
    low: FloatArray
    high: FloatArray

    @classmethod
    def none(cls, channels: int) -> Moments:
        """Of no samples."""
        zero = np.zeros(channels)
        return cls(np.zeros(channels, np.int64), zero, zero, np.full(channels, np.inf), np.full(channels, -np.inf))

    @classmethod
    def of(cls, values: npt.NDArray[Any]) -> Moments:
        """Of one chunk of shape (steps, channels), of any dtype; samples that are not finite are left out."""
        rows = np.ascontiguousarray(values.T, np.float64)  # one row per channel: sums run along memory
        low, high = rows.min(axis=1), rows.max(axis=1)
        if not (np.isfinite(low).all() and np.isfinite(high).all()):
            return cls._of_finite(rows)
        mean = rows.mean(axis=1)
        apart = rows - mean[:, np.newaxis]  # never in place: rows may be the caller's own samples
        squares = np.einsum("ij,ij->i", apart, apart)
        return cls(np.full(len(rows), rows.shape[1]), mean, squares, low, high)

    @classmethod
    def _of_finite(cls, rows: FloatArray) -> Moments:
        """Of the finite samples of rows (channels, steps)."""
        finite = np.isfinite(rows)
        count = finite.sum(axis=1)
        mean = np.where(finite, rows, 0).sum(axis=1) / np.maximum(count, 1)
        apart = np.where(finite, rows, mean[:, np.newaxis]) - mean[:, np.newaxis]
        low, high = np.where(finite, rows, np.inf).min(axis=1), np.where(finite, rows, -np.inf).max(axis=1)
        return cls(count, mean, np.square(apart).sum(axis=1), low, high)

    def join(self, other: Moments) -> Moments:
        """Of both sets of samples together, without the cancellation that sums of squares suffer.

        Source: Chan, Golub, LeVeque, Algorithms for computing the sample variance, The American Statistician 37 (1983).

        Examples:
            >>> chunks = [np.array([[1e9 + 1.0], [1e9 + 3.0]]), np.array([[1e9 + 5.0]])]
            >>> both = Moments.of(chunks[0]).join(Moments.of(chunks[1]))
            >>> both.mean.tolist(), both.std.tolist()
            ([1000000003.0], [1.63299316185...])
        """
        count = self.count + other.count
        some = np.maximum(count, 1)
        apart = other.mean - self.mean
        with np.errstate(over="ignore", invalid="ignore"):  # beyond 1e154 there is no finite spread to tell
            squares = self.squares + other.squares + apart**2 * (self.count * other.count / some)
        return Moments(
            count,
            self.mean + apart * other.count / some,
            squares,
            np.minimum(self.low, other.low),
            np.maximum(self.high, other.high),
        )

    @property
    def std(self) -> FloatArray:
        """Standard deviation, shape (channels,)."""
        return np.sqrt(self.squares / np.maximum(self.count, 1))
