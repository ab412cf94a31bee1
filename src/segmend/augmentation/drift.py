"""A baseline that wanders."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.augmentation.amplitude import Amplitude, deviation_of
from segmend.augmentation.arguments import number, whole
from segmend.augmentation.warp import along, steps_of


@keras.saving.register_keras_serializable(package="segmend")
class Drift(Amplitude):
    """Add a slow random line to each channel.

    Heights are drawn at knots, evenly spaced, and interpolated linearly.

    Args:
        height: highest distance from the old signal, in standard deviations of the channel within its recording.
        knots: heights drawn per recording and channel.
        **common: ``share``, ``labels``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: ``height`` is negative or there are fewer than 2 knots.

    Examples:
        >>> import numpy as np
        >>> x, y = np.array([[[-1.0], [1.0]]], "float32"), np.zeros((1, 2), int)
        >>> bool(np.abs(np.asarray(Drift(0.5)((x, y))[0]) - x).max() <= 0.5)
        True
    """

    ranks = (1,)
    settings = ("height", "knots")

    def __init__(self, height: float = 0.3, *, knots: int = 4, **common: Any) -> None:
        super().__init__(**common)
        self.height = number("height", height, least=0.0)
        self.knots = whole("knots", knots, least=2)

    def signal(self, x: Any) -> Any:
        """The signal and the lines."""
        recordings, steps = steps_of(x)
        heights = self.uniform((recordings, self.knots, ops.shape(x)[-1]), -self.height, self.height)
        last = ops.shape(x)[1] - 1
        spaced = steps * (self.knots - 1) / ops.cast(ops.maximum(last, 1), "float32")
        return x + along(heights, ops.broadcast_to(spaced, (recordings, last + 1))) * deviation_of(x)
