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
    def of(cls, values: npt.NDArray[Any], scratch: FloatArray | None = None) -> Moments:
        """Of one chunk; samples that are not finite are left out.

        Args:
            values: shape (steps, channels), of any dtype.
            scratch: memory to work in, at least as many numbers, so that many chunks need not ask for it anew.
        """
        steps, channels = values.shape
        room = np.empty(values.size) if scratch is None else scratch[: values.size]
        rows = room.reshape(channels, steps)  # one row per channel: sums run along memory
        np.copyto(rows, values.T)
        lanes = values.T if channels == 1 else rows
        low, high = lanes.min(axis=1).astype(np.float64), lanes.max(axis=1).astype(np.float64)
        if not (np.isfinite(low).all() and np.isfinite(high).all()):
            return cls._of_finite(rows)
        with np.errstate(over="ignore", invalid="ignore"):  # beyond 1e154 there is no finite spread to tell
            mean = rows.mean(axis=1)
            rows -= mean[:, np.newaxis]
            np.square(rows, out=rows)  # no dot product: threads of a linear algebra library would wait for each other
            squares = rows.sum(axis=1)
        return cls(np.full(channels, steps), mean, squares, low, high)

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
