"""Features of windows around places, in linear time whatever the size of the windows."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from segmend.core.types import FloatArray, IntArray

MOST = 1e30
"""Samples are cut to this size, so that features of them are still numbers in single precision."""


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Running sums along every spatial axis, from which the sum over any box is read at its corners.

    Attributes:
        running: shape (*(spatial + 1), channels).

    Source: Crow, Summed-area tables for texture mapping, SIGGRAPH 1984.
    """

    running: FloatArray

    @classmethod
    def of(cls, values: FloatArray) -> Sums:
        """Of an array of shape (*spatial, channels)."""
        running = np.zeros((*(side + 1 for side in values.shape[:-1]), values.shape[-1]))
        inner = running[(slice(1, None),) * (values.ndim - 1)]
        inner[...] = values
        for axis in range(values.ndim - 1):
            np.cumsum(inner, axis=axis, out=inner)
        return cls(running)

    def means(self, low: IntArray, high: IntArray) -> FloatArray:
        """The mean in each box, shape (n, channels).

        Args:
            low: first place of each box, shape (n, axes).
            high: the place after its last, shape (n, axes); no box is empty.

        Examples:
            >>> Sums.of(np.arange(5.0)[:, np.newaxis]).means(np.array([[0], [1]]), np.array([[5], [3]])).tolist()
            [[2.0], [1.5]]
        """
        *sides, channels = self.running.shape
        flat = self.running.reshape(-1, channels)
        axes = len(sides)
        strides = [math.prod(sides[axis + 1 :]) for axis in range(axes)]
        ends = [(low[:, axis] * stride, high[:, axis] * stride) for axis, stride in enumerate(strides)]
        total = np.zeros((len(low), channels))
        for corner in itertools.product((0, 1), repeat=axes):
            place = sum(ends[axis][end] for axis, end in enumerate(corner))
            held = flat.take(place, axis=0)
            (np.subtract if (axes - sum(corner)) % 2 else np.add)(total, held, out=total)
        size = (high - low).prod(axis=1)
        total /= size[:, np.newaxis]
        return total


def windowed(samples: npt.NDArray[Any], places: IntArray, reaches: Sequence[int]) -> FloatArray:
    """What each channel does around places: in each window its mean, spread, roughness, and slope along every axis.

    Roughness is the root mean square of differences between neighbours; slope is the mean of the window's second half
    less that of its first one. Windows end at the edges of the samples. Samples that are not finite are taken as the
    mean.

    Args:
        samples: shape (*spatial, channels), of any dtype.
        places: shape (n, axes).
        reaches: steps to either side, a window each.

    Returns:
        Shape (n, reaches x (3 + axes) x channels).

    Examples:
        >>> ramp = np.arange(9.0)[:, np.newaxis]
        >>> print(windowed(ramp, np.array([[4]]), [2]).round(2))
        [[4.   1.41 1.   2.  ]]
    """
    values, centre = centred(samples)
    plain = Sums.of(values)
    others = Sums.of(np.concatenate((values**2, _differences(values)), axis=-1))
    shape = np.array(values.shape[:-1])
    columns = []
    for reach in reaches:
        low, high = np.maximum(places - reach, 0), np.minimum(places + reach + 1, shape)
        mean = plain.means(low, high)
        squared, rough = np.split(np.maximum(others.means(low, high), 0), 2, axis=1)
        columns += [mean + centre, np.sqrt(np.maximum(squared - mean**2, 0)), np.sqrt(rough)]
        for axis in range(places.shape[1]):
            first, second = high.copy(), low.copy()
            first[:, axis] = places[:, axis] + 1
            second[:, axis] = places[:, axis]
            columns.append(plain.means(second, high) - plain.means(low, first))
    return np.concatenate(columns, axis=1)


def number_of(reaches: int, axes: int, channels: int) -> int:
    """How many features ``windowed`` gives.

    >>> number_of(3, 1, 2)
    24
    """
    return reaches * (3 + axes) * channels


def centred(samples: npt.NDArray[Any]) -> tuple[FloatArray, FloatArray]:
    """The samples less the mean of each channel, so that squares keep their digits; 0 where they are not finite."""
    values = np.array(samples, np.float64)
    finite = np.isfinite(values)
    np.clip(values, -MOST, MOST, out=values)
    axes = tuple(range(values.ndim - 1))
    if finite.all():
        centre = values.mean(axis=axes)
        return values - centre, centre
    values[~finite] = 0
    centre = values.sum(axis=axes) / np.maximum(finite.sum(axis=axes), 1)
    return np.where(finite, values - centre, 0), centre


def _differences(values: FloatArray) -> FloatArray:
    """Squared differences to the neighbour before, summed over the axes; 0 at the first one."""
    squared = np.zeros_like(values)
    for axis in range(values.ndim - 1):
        later = (slice(None),) * axis + (slice(1, None),)
        squared[later] += np.diff(values, axis=axis) ** 2
    return squared


def everywhere(shape: Sequence[int]) -> IntArray:
    """All places of a grid, shape (n, axes).

    >>> everywhere((1, 2)).tolist()
    [[0, 0], [0, 1]]
    """
    return np.stack(np.unravel_index(np.arange(math.prod(shape)), tuple(shape)), axis=1)
