"""Bands of channels that are hidden."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.augmentation.amplitude import Amplitude, mean_of
from segmend.augmentation.arguments import whole
from segmend.augmentation.time_mask import spans, within


@keras.saving.register_keras_serializable(package="segmend")
class FrequencyMask(Amplitude):
    """Hide random bands of neighbouring channels behind their means, where channels are frequencies.

    As SpecAugment masks frequencies (Park et al. 2019).

    Args:
        widest: channels of a band at most; its width is drawn evenly from 0.
        bands: how many are drawn for each recording; they may overlap.
        **common: ``share``, ``labels``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: an argument is below 1.

    Examples:
        >>> import numpy as np
        >>> x, y = np.array([[[0.0, 1.0, 2.0], [1.0, 2.0, 3.0]]], "float32"), np.zeros((1, 2), int)
        >>> sum(np.ptp(FrequencyMask(2, seed=0)((x, y))[0][0], axis=0).tolist()) >= 1.0
        True
    """

    settings = ("widest", "bands")

    def __init__(self, widest: int = 8, *, bands: int = 1, **common: Any) -> None:
        super().__init__(**common)
        self.widest = whole("widest", widest, least=1)
        self.bands = whole("bands", bands, least=1)

    def signal(self, x: Any) -> Any:
        """The signal with its bands hidden."""
        size = ops.shape(x)
        first, stop = spans(self, size[0], self.bands, self.widest, size[-1])
        channels = ops.cast(ops.expand_dims(ops.arange(size[-1]), 0), "float32")
        hidden = ops.reshape(within(channels, first, stop), (-1, *(1,) * (len(size) - 2), size[-1]))
        return ops.where(hidden, mean_of(x), x)
