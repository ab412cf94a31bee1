"""Turned images."""

from __future__ import annotations

from typing import Any

import keras

from segmend.augmentation.arguments import number
from segmend.augmentation.image import Placed


@keras.saving.register_keras_serializable(package="segmend")
class Rotation(Placed):
    """Turn each image about its centre.

    Args:
        angle: degrees by which it is turned at most, either way; drawn evenly.
        fill_mode: what an image shows where nothing was: "constant" (0), "nearest" or "reflect"; its label is -1.
        **common: ``share``, ``labels``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: ``angle`` is not from 0 to 180, or ``fill_mode`` is unknown.

    Examples:
        >>> import numpy as np
        >>> x, y = np.ones((2, 8, 6, 3), "float32"), np.zeros((2, 8, 6), int)
        >>> [part.shape for part in Rotation(20.0, seed=0)((x, y))]
        [(2, 8, 6, 3), (2, 8, 6)]
    """

    settings = ("angle",)

    def __init__(self, angle: float = 15.0, **common: Any) -> None:
        super().__init__(**common)
        self.angle = number("angle", angle, least=0.0, most=180.0)
        self.use(keras.layers.RandomRotation, self.angle / 360.0)
