"""Larger and smaller images."""

from __future__ import annotations

from typing import Any

import keras

from segmend.augmentation.arguments import number
from segmend.augmentation.image import Placed


@keras.saving.register_keras_serializable(package="segmend")
class Zoom(Placed):
    """Show each image larger or smaller about its centre, height and width by the same factor.

    Args:
        by: by how much it shrinks or grows at most, as a share; drawn evenly.
        fill_mode: what an image shows where nothing was: "constant" (0), "nearest" or "reflect"; its label is -1.
        **common: ``share``, ``labels``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: ``by`` is not from 0 to 0.9, or ``fill_mode`` is unknown.

    Examples:
        >>> import numpy as np
        >>> x, y = np.ones((2, 8, 6, 3), "float32"), np.zeros((2, 8, 6), int)
        >>> [part.shape for part in Zoom(0.3, seed=0)((x, y))]
        [(2, 8, 6, 3), (2, 8, 6)]
    """

    settings = ("by",)

    def __init__(self, by: float = 0.2, **common: Any) -> None:
        super().__init__(**common)
        self.by = number("by", by, least=0.0, most=0.9)
        self.use(keras.layers.RandomZoom, (-self.by, self.by))
