"""Signals at another rate, and some of their channels, worked out when a slice is asked for."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt

from segmend.core.types import FloatArray
from segmend.formats.lazy import EAGER_SAMPLES, Lazy

BLOCK = 2**16
"""New steps that are worked out together."""

FINEST = 10_000
"""Largest number in a ratio of rates: beyond it a recording of a hundred million steps would still be right to one."""

REACH = 10
"""Steps of the slower rate that the filter looks to either side, as scipy.signal.resample_poly has it."""


class Picked(Lazy):
    """Some channels of a signal, in another order.

    Args:
        values: shape (steps, channels).
        columns: which of them.
    """

    def __init__(self, values: FloatArray, columns: tuple[int, ...]) -> None:
        super().__init__((len(values), len(columns)), values.dtype)
        self.values = values
        self.columns = list(columns)

    def rows(self, first: int, last: int) -> npt.NDArray[Any]:
        """Steps of the picked channels."""
        return np.asarray(self.values[first:last])[:, self.columns]


class Resampled(Lazy):
    """A signal at another rate: low-pass filtered and interpolated by ``scipy.signal.resample_poly``.

    Beyond its ends the signal goes on with its first and last value. A slice is worked out from the steps around it, so
    that memory does not grow with the recording, and comes out as it would from the whole.

    Args:
        values: shape (steps, channels).
        ratio: new rate by old rate.
    """

    def __init__(self, values: FloatArray, ratio: Fraction) -> None:
        steps = ceil(len(values) * ratio)
        kind = np.float64 if values.dtype == np.float64 else np.float32
        super().__init__((steps, values.shape[1]), kind)
        self.values = values
        self.ratio = ratio

    def rows(self, first: int, last: int) -> npt.NDArray[Any]:
        """New steps, a block after the other."""
        blocks = [self._block(start, min(start + BLOCK, last)) for start in range(first, last, BLOCK)]
        return np.concatenate(blocks) if blocks else np.zeros((0, self.shape[1]), self.dtype)

    def _block(self, first: int, last: int) -> npt.NDArray[Any]:
        from scipy.signal import resample_poly  # here, so that data of one rate do without it

        up, down = self.ratio.numerator, self.ratio.denominator
        reach = ceil(REACH * max(up, down) / up) + 1
        # Old and new steps fall together at multiples of "down" of the old ones.
        begin = max(0, (first * down // up - reach) // down * down)
        end = min(len(self.values), ceil(last * down / up) + reach)
        old = np.asarray(self.values[begin:end], self.dtype)
        new = resample_poly(old, up, down, axis=0, window=_filter(up, down, self.dtype.char), padtype="edge")
        offset = first - begin // down * up
        return np.asarray(new[offset : offset + last - first], self.dtype)


@lru_cache(maxsize=16)
def _filter(up: int, down: int, kind: str) -> FloatArray:
    """The low-pass filter that resample_poly would design anew for each slice."""
    from scipy.signal import firwin

    most = max(up, down)
    designed: FloatArray = firwin(2 * REACH * most + 1, 1 / most, window=("kaiser", 5.0)).astype(kind)
    return designed


def ratio_of(new_rate: float, old_rate: float) -> Fraction:
    """The ratio of two rates in whole numbers.

    Examples:
        >>> ratio_of(16_000, 44_100), ratio_of(50, 50.0000001)
        (Fraction(160, 441), Fraction(1, 1))
    """
    ratio = Fraction(new_rate) / Fraction(old_rate)
    if max(ratio, 1 / ratio) > FINEST:
        return ratio
    if ratio > 1:  # the larger of the two numbers is the one that must not grow
        return 1 / (1 / ratio).limit_denominator(FINEST)
    return ratio.limit_denominator(FINEST)


def resampled(values: FloatArray, ratio: Fraction) -> FloatArray:
    """A signal at another rate; in memory where it is short, else worked out a slice at a time.

    Args:
        values: shape (steps, channels).
        ratio: new rate by old rate; the signal itself comes back where it is 1.

    Examples:
        >>> resampled(np.ones((6, 1)), Fraction(1, 2)).round(3).tolist()
        [[1.0], [1.0], [1.0]]
    """
    if ratio == 1:
        return values
    lazy: Any = Resampled(values, ratio)
    short: FloatArray = np.asarray(lazy) if lazy.size <= EAGER_SAMPLES else lazy
    return short
