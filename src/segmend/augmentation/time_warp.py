"""Speed that rises and falls."""

from __future__ import annotations

import math
from typing import Any

import keras
from keras import ops

from segmend.augmentation.arguments import number, whole
from segmend.augmentation.base import Batch
from segmend.augmentation.warp import Map, Warp, along, steps_of


@keras.saving.register_keras_serializable(package="segmend")
class TimeWarp(Warp):
    """Play a recording faster here and slower there; its ends stay where they are.

    Speeds are drawn at knots, evenly spaced, their logarithm is interpolated linearly and their sum is the way through
    the recording, as window warping over the whole recording does (Um et al. 2017, "time-warping"). A segment of as
    many steps as the highest speed always survives.

    Args:
        speed: no step is played more than so many times faster or slower.
        knots: speeds drawn per recording.
        **common: ``share``, ``labels``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: ``speed`` is below 1 or there are fewer than 2 knots.

    Examples:
        >>> import numpy as np
        >>> x = np.arange(6, dtype="float32").reshape(1, 6, 1)
        >>> new_x, new_y = TimeWarp(speed=2.0, seed=0)((x, np.array([[0, 0, 0, 1, 1, 1]])))
        >>> new_x.shape, new_y.shape, float(new_x[0, 0, 0]), float(new_x[0, -1, 0])
        ((1, 6, 1), (1, 6), 0.0, 5.0)
    """

    counts = "may lose"
    settings = ("speed", "knots")

    def __init__(self, speed: float = 1.5, *, knots: int = 5, **common: Any) -> None:
        super().__init__(**common)
        self.speed = number("speed", speed, least=1.0)
        self.knots = whole("knots", knots, least=2)

    def map(self, batch: Batch) -> Map:
        """The way through the recording."""
        recordings, steps = steps_of(batch.x)
        last = ops.shape(batch.x)[1] - 1
        half = math.log(self.speed) / 2  # dividing by the mean speed may double the range
        drawn = self.uniform((recordings, self.knots, 1), -half, half)
        spaced = steps * (self.knots - 1) / ops.cast(ops.maximum(last, 1), "float32")
        # The speed between two steps is that at the first of them; the last step has none.
        speed = ops.exp(along(drawn, ops.broadcast_to(spaced, (recordings, last + 1)))[..., 0])
        way = ops.cumsum(speed, axis=1) - speed
        place = way * ops.cast(last, "float32") / ops.maximum(way[:, -1:], 1e-6)
        return Map(place, ops.zeros_like(place, dtype="bool"))
