"""One speed for a whole recording."""

from __future__ import annotations

import math
from typing import Any

import keras
from keras import ops

from segmend.augmentation.arguments import number
from segmend.augmentation.base import Batch
from segmend.augmentation.warp import Map, Warp, inside, steps_of


@keras.saving.register_keras_serializable(package="segmend")
class Stretch(Warp):
    """Play a recording at another speed; the number of steps stays.

    Slower shows a part of the recording; faster leaves steps empty before and behind it: the signal stands still there
    and the label is -1. Where it lies is drawn.

    Args:
        speed: a recording is played at most so many times faster or slower; the logarithm is drawn evenly.
        **common: ``share``, ``labels``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: ``speed`` is below 1.

    Examples:
        >>> import numpy as np
        >>> x, y = np.ones((2, 5, 1), "float32"), np.zeros((2, 5), int)
        >>> [part.shape for part in Stretch(1.2, seed=0)((x, y))]
        [(2, 5, 1), (2, 5)]
    """

    counts = "may lose"
    settings = ("speed",)

    def __init__(self, speed: float = 1.25, **common: Any) -> None:
        super().__init__(**common)
        self.speed = number("speed", speed, least=1.0)

    def map(self, batch: Batch) -> Map:
        """A straight line."""
        recordings, steps = steps_of(batch.x)
        length = ops.shape(batch.x)[1]
        half = math.log(self.speed)
        speed = ops.exp(self.uniform((recordings, 1), -half, half))
        first = self.uniform((recordings, 1)) * (1.0 - speed) * ops.cast(length - 1, "float32")
        place = first + steps * speed
        return Map(place, ops.logical_not(inside(place, length)))
