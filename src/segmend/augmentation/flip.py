"""Mirrored images."""

from __future__ import annotations

from typing import Any, Literal, get_args

import keras

from segmend.augmentation.base import Batch, Transform
from segmend.augmentation.image import PLAIN, follow
from segmend.errors import InputError

Mode = Literal["horizontal", "vertical"]


@keras.saving.register_keras_serializable(package="segmend")
class Flip(Transform):
    """Mirror every second image, by chance.

    Args:
        mode: "horizontal" (left becomes right) or "vertical".
        **common: ``share`` (of the images that may be mirrored), ``labels``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: ``mode`` is neither.

    Examples:
        >>> import numpy as np
        >>> x, y = np.zeros((1, 1, 2, 1), "float32"), np.array([[[3, 4]]])
        >>> sorted({tuple(np.asarray(Flip(seed=seed)((x, y))[1]).ravel().tolist()) for seed in range(9)})
        [(3, 4), (4, 3)]
    """

    ranks = (2,)
    settings = ("mode",)

    def __init__(self, mode: Mode = "horizontal", **common: Any) -> None:
        super().__init__(**common)
        if mode not in get_args(Mode):
            raise InputError(f"mode: expected one of {list(get_args(Mode))}. Received {mode!r}")
        self.mode = mode
        self.layer = keras.layers.RandomFlip(mode, **PLAIN)

    def change(self, batch: Batch) -> Batch:
        """The image and its labels by one draw."""
        drawn = self.layer.get_random_transformation(batch.x, training=True, seed=self.seed_generator)
        return follow(self, self.layer, self.layer, drawn, batch)
