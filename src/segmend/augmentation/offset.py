"""A constant added to each channel."""

from __future__ import annotations

from typing import Any

import keras

from segmend.augmentation.amplitude import Amplitude, channel_shape, deviation_of
from segmend.augmentation.arguments import number


@keras.saving.register_keras_serializable(package="segmend")
class Offset(Amplitude):
    """Move each channel up or down by a constant.

    Args:
        height: how far at most, in standard deviations of the channel within its recording; drawn evenly.
        **common: ``share``, ``labels``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: ``height`` is negative.

    Examples:
        >>> import numpy as np
        >>> x, y = np.array([[[-1.0], [1.0]]], "float32"), np.zeros((1, 2), int)
        >>> new = np.asarray(Offset(0.5)((x, y))[0])
        >>> bool(abs(new.mean()) <= 0.5), float(new[0, 1, 0] - new[0, 0, 0])
        (True, 2.0)
    """

    settings = ("height",)

    def __init__(self, height: float = 0.3, **common: Any) -> None:
        super().__init__(**common)
        self.height = number("height", height, least=0.0)

    def signal(self, x: Any) -> Any:
        """The signal and the constants."""
        return x + self.uniform(channel_shape(x), -self.height, self.height) * deviation_of(x)
