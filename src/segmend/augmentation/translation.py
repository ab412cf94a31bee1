"""Moved images."""

from __future__ import annotations

from typing import Any

import keras

from segmend.augmentation.arguments import number
from segmend.augmentation.image import Placed


@keras.saving.register_keras_serializable(package="segmend")
class Translation(Placed):
    """Move each image up or down and left or right.

    Args:
        height: how far at most, either way, as a share of the height; drawn evenly.
        width: likewise, of the width.
        fill_mode: what an image shows where nothing was: "constant" (0), "nearest" or "reflect"; its label is -1.
        **common: ``share``, ``labels``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: a share is not from 0 to 1, or ``fill_mode`` is unknown.

    Examples:
        >>> import numpy as np
        >>> x, y = np.ones((2, 8, 6, 3), "float32"), np.zeros((2, 8, 6), int)
        >>> [part.shape for part in Translation(0.2, seed=0)((x, y))]
        [(2, 8, 6, 3), (2, 8, 6)]
    """

    settings = ("height", "width")

    def __init__(self, height: float = 0.1, width: float = 0.1, **common: Any) -> None:
        super().__init__(**common)
        self.height = number("height", height, least=0.0, most=1.0)
        self.width = number("width", width, least=0.0, most=1.0)
        self.use(keras.layers.RandomTranslation, self.height, self.width)
