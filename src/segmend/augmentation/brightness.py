"""Lighter and darker images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from segmend.augmentation.amplitude import Amplitude
from segmend.augmentation.arguments import limits, number
from segmend.augmentation.image import PLAIN


@keras.saving.register_keras_serializable(package="segmend")
class Brightness(Amplitude):
    """Add one random number to a whole image.

    Args:
        distance: highest distance from the old values, as a share of ``value_range``; drawn evenly, either way.
        value_range: lowest and highest value that images have; what goes beyond is clipped.
        **common: ``share``, ``labels``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: ``distance`` is not from 0 to 1, or ``value_range`` is not in order.

    Examples:
        >>> import numpy as np
        >>> x, y = np.full((1, 2, 2, 3), 0.5, "float32"), np.zeros((1, 2, 2), int)
        >>> new = np.asarray(Brightness(0.2, value_range=(0, 1))((x, y))[0])
        >>> bool(np.ptp(new) == 0 and abs(new - 0.5).max() <= 0.2)
        True
    """

    ranks = (2,)
    settings = ("distance", "value_range")

    def __init__(self, distance: float = 0.2, *, value_range: Sequence[float], **common: Any) -> None:
        super().__init__(**common)
        self.distance = number("distance", distance, least=0.0, most=1.0)
        self.value_range = limits("value_range", value_range)
        self.layer = keras.layers.RandomBrightness(self.distance, self.value_range, **PLAIN)

    def signal(self, x: Any) -> Any:
        """The image through Keras' layer, of a copy, for on PyTorch it adds in place."""
        drawn = self.layer.get_random_transformation(x, training=True, seed=self.seed_generator)
        return self.layer.transform_images(ops.copy(x), drawn, training=True)
