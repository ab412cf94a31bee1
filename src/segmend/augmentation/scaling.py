"""Louder and quieter."""

from __future__ import annotations

import math
from typing import Any, Literal, get_args

import keras
from keras import ops

from segmend.augmentation.amplitude import Amplitude, channel_shape, mean_of
from segmend.augmentation.arguments import number
from segmend.augmentation.base import over
from segmend.errors import InputError

Around = Literal["zero", "mean"]


@keras.saving.register_keras_serializable(package="segmend")
class Scaling(Amplitude):
    """Multiply the signal by a random factor.

    Args:
        factor: the signal is multiplied or divided by at most so much; the logarithm is drawn evenly.
        around: "zero" multiplies the signal itself, "mean" its distance from the mean of each channel, so that a level
            far from zero stays where it is.
        per_channel: whether each channel has a factor of its own, or all channels of a recording share one.
        **common: ``share``, ``labels``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: ``factor`` is below 1, or ``around`` is none of these.

    Examples:
        >>> import numpy as np
        >>> x, y = np.ones((1, 4, 2), "float32"), np.zeros((1, 4), int)
        >>> new = np.asarray(Scaling(2.0)((x, y))[0])
        >>> bool(new.min() >= 0.5 and new.max() <= 2.0 and new.max() == new.min())
        True
    """

    settings = ("factor", "around", "per_channel")

    def __init__(
        self, factor: float = 1.25, *, around: Around = "zero", per_channel: bool = False, **common: Any
    ) -> None:
        super().__init__(**common)
        self.factor = number("factor", factor, least=1.0)
        if around not in get_args(Around):
            raise InputError(f"around: expected one of {list(get_args(Around))}. Received {around!r}")
        self.around: Around = around
        self.per_channel = bool(per_channel)

    def signal(self, x: Any) -> Any:
        """The signal times the factor."""
        half = math.log(self.factor)
        if self.per_channel:
            factor = ops.exp(self.uniform(channel_shape(x), -half, half))
        else:
            factor = over(ops.exp(self.uniform((ops.shape(x)[0],), -half, half)), x)
        return x * factor if self.around == "zero" else mean_of(x) + (x - mean_of(x)) * factor
