"""A blurred signal."""

from __future__ import annotations

import math
from typing import Any

import keras
from keras import ops

from segmend.augmentation.amplitude import Amplitude
from segmend.augmentation.arguments import number
from segmend.augmentation.base import over

REACH = 3
"""Widths of the Gaussian that are summed to each side; beyond lies 0.3 % of it."""


@keras.saving.register_keras_serializable(package="segmend")
class Smoothing(Amplitude):
    """Smooth the signal along every spatial axis with a Gaussian of random width; the ends are continued.

    Args:
        width: highest standard deviation of the Gaussian, in steps; drawn evenly for each recording.
        **common: ``share``, ``labels``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: ``width`` is negative.

    Examples:
        >>> import numpy as np
        >>> x, y = np.ones((1, 4, 1), "float32"), np.zeros((1, 4), int)
        >>> bool(np.allclose(Smoothing(2.0)((x, y))[0], 1.0))
        True
    """

    settings = ("width",)

    def __init__(self, width: float = 2.0, **common: Any) -> None:
        super().__init__(**common)
        self.width = number("width", width, least=0.0)

    def signal(self, x: Any) -> Any:
        """The smoothed signal."""
        width = over(ops.maximum(self.uniform((ops.shape(x)[0],), 0.0, self.width), 1e-3), x)
        taps = [ops.exp(-0.5 * (by / width) ** 2) for by in range(math.ceil(REACH * self.width) + 1)]
        whole = taps[0] + 2.0 * sum(taps[1:])
        for axis in range(1, len(x.shape) - 1):
            x = _blur(x, [tap / whole for tap in taps], axis)
        return x


def _blur(x: Any, taps: list[Any], axis: int) -> Any:
    steps = ops.shape(x)[axis]
    at = ops.arange(steps)
    total = x * taps[0]
    for by, tap in enumerate(taps[1:], 1):
        total = total + tap * ops.take(x, ops.maximum(at - by, 0), axis=axis)
        total = total + tap * ops.take(x, ops.minimum(at + by, steps - 1), axis=axis)
    return total
