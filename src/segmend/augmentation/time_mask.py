"""Stretches of time that are hidden."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.augmentation.amplitude import Amplitude, mean_of
from segmend.augmentation.arguments import whole
from segmend.augmentation.warp import steps_of


@keras.saving.register_keras_serializable(package="segmend")
class TimeMask(Amplitude):
    """Hide random stretches of time behind the mean of each channel; labels stay, so they must be read from around.

    As SpecAugment masks time (Park et al. 2019).

    Args:
        longest: steps of a stretch at most; its length is drawn evenly from 0.
        stretches: how many are drawn for each recording; they may overlap.
        **common: ``share``, ``labels``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: an argument is below 1.

    Examples:
        >>> import numpy as np
        >>> x, y = np.arange(6, dtype="float32").reshape(1, 6, 1), np.zeros((1, 6), int)
        >>> int((np.asarray(TimeMask(3, seed=0)((x, y))[0]) == 2.5).sum()) <= 3
        True
    """

    ranks = (1,)
    settings = ("longest", "stretches")

    def __init__(self, longest: int = 16, *, stretches: int = 1, **common: Any) -> None:
        super().__init__(**common)
        self.longest = whole("longest", longest, least=1)
        self.stretches = whole("stretches", stretches, least=1)

    def signal(self, x: Any) -> Any:
        """The signal with its stretches hidden."""
        recordings, steps = steps_of(x)
        first, stop = spans(self, recordings, self.stretches, self.longest, ops.shape(x)[1])
        return ops.where(ops.expand_dims(within(steps, first, stop), -1), mean_of(x), x)


def spans(transform: Amplitude, recordings: Any, count: int, longest: int, size: Any) -> tuple[Any, Any]:
    """First and stop of random spans within ``size`` places, each float32 ``(batch, count)``."""
    size = ops.cast(size, "float32")
    length = ops.minimum(ops.floor(transform.uniform((recordings, count)) * (longest + 1)), size)
    first = ops.floor(transform.uniform((recordings, count)) * (size - length + 1))
    return first, first + length


def within(places: Any, first: Any, stop: Any) -> Any:
    """Whether each place lies in one of the spans, ``(batch, places)``."""
    places, first, stop = ops.expand_dims(places, 1), ops.expand_dims(first, -1), ops.expand_dims(stop, -1)
    return ops.any(ops.logical_and(places >= first, places < stop), axis=1)
