"""Slanted images."""

from __future__ import annotations

from typing import Any

import keras

from segmend.augmentation.arguments import number
from segmend.augmentation.image import Placed


@keras.saving.register_keras_serializable(package="segmend")
class Shear(Placed):
    """Slant each image: rows are moved along, or columns, ever further from one side to the other.

    Args:
        across: steps by which rows move at most, per step of height, either way; drawn evenly.
        down: steps by which columns move at most, per step of width.
        fill_mode: what an image shows where nothing was: "constant" (0), "nearest" or "reflect"; its label is -1.
        **common: ``share``, ``labels``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: a slant is not from 0 to 1, or ``fill_mode`` is unknown.

    Examples:
        >>> import numpy as np
        >>> x, y = np.ones((2, 8, 6, 3), "float32"), np.zeros((2, 8, 6), int)
        >>> [part.shape for part in Shear(0.2, seed=0)((x, y))]
        [(2, 8, 6, 3), (2, 8, 6)]
    """

    settings = ("across", "down")

    def __init__(self, across: float = 0.1, down: float = 0.1, **common: Any) -> None:
        super().__init__(**common)
        self.across = number("across", across, least=0.0, most=1.0)
        self.down = number("down", down, least=0.0, most=1.0)
        self.use(keras.layers.RandomShear, (0.0, self.across), (0.0, self.down))
