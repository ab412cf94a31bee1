"""White noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from segmend.augmentation.amplitude import Amplitude, deviation_of
from segmend.augmentation.arguments import limits
from segmend.augmentation.base import over


@keras.saving.register_keras_serializable(package="segmend")
class Noise(Amplitude):
    """Add white Gaussian noise at a ratio of signal to noise.

    The ratio is that of variances, 10 log10(var(signal) / var(noise)), channel by channel of each recording; a
    constant channel stays constant.

    Args:
        snr: decibels, or the lowest and the highest between which they are drawn for each recording.
        **common: ``share``, ``labels``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: ``snr`` is not a number or two in order.

    Examples:
        >>> import numpy as np
        >>> x, y = np.ones((2, 5, 1), "float32"), np.zeros((2, 5), int)
        >>> np.array_equal(Noise((10, 30))((x, y))[0], x)
        True
    """

    settings = ("snr",)

    def __init__(self, snr: float | Sequence[float] = (10.0, 30.0), **common: Any) -> None:
        super().__init__(**common)
        self.snr = limits("snr", snr)

    def signal(self, x: Any) -> Any:
        """Signal and noise."""
        decibels = over(self.uniform((ops.shape(x)[0],), *self.snr), x)
        return x + self.normal(ops.shape(x)) * deviation_of(x) * 10.0 ** (-decibels / 20.0)
