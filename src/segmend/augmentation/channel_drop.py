"""Sensors that fail."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.augmentation.amplitude import Amplitude, channel_shape, mean_of
from segmend.augmentation.arguments import number


@keras.saving.register_keras_serializable(package="segmend")
class ChannelDrop(Amplitude):
    """Replace whole channels by their mean; one channel at least stays.

    Args:
        chance: of each channel of each recording to be dropped.
        **common: ``share``, ``labels``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: ``chance`` is not from 0 to 1.

    Examples:
        >>> import numpy as np
        >>> x, y = np.array([[[-1.0, 1.0], [1.0, 3.0]]], "float32"), np.zeros((1, 2), int)
        >>> sorted(np.ptp(ChannelDrop(1.0)((x, y))[0][0], axis=0).tolist())
        [0.0, 2.0]
    """

    settings = ("chance",)

    def __init__(self, chance: float = 0.1, **common: Any) -> None:
        super().__init__(**common)
        self.chance = number("chance", chance, least=0.0, most=1.0)

    def signal(self, x: Any) -> Any:
        """The signal without some channels."""
        drawn = self.uniform(channel_shape(x))
        stays = ops.logical_or(drawn >= self.chance, drawn >= ops.max(drawn, axis=-1, keepdims=True))
        return ops.where(stays, x, mean_of(x))
