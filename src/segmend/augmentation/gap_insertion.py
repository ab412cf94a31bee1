"""Longer pauses between segments."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.augmentation.arguments import whole
from segmend.augmentation.base import Batch
from segmend.augmentation.runs import draw, is_background, starts, stop_of
from segmend.augmentation.warp import Map, Warp, steps_of


@keras.saving.register_keras_serializable(package="segmend")
class GapInsertion(Warp):
    """Insert background of the same recording at a random border of segments; what comes after it moves along.

    The inserted steps are those of one of the recording's runs of background, over again where it is shorter. Two
    segments that touched are parted; what moves beyond the end is lost. Without background nothing changes.

    Args:
        longest: steps inserted at most; drawn evenly from 1.
        background: the class that is inserted; overlapping labels: steps without any label.
        **common: ``share``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: ``longest`` is below 1 or ``background`` negative.

    Examples:
        >>> import numpy as np
        >>> y = np.array([[7, 7, 0, 0, 0, 0]])
        >>> new_x, new_y = GapInsertion(1, seed=0)((y[..., None].astype("float32"), y))
        >>> np.asarray(new_y).tolist()
        [[7, 7, 0, 0, 0, 0]]
    """

    counts = "may change"
    on_steps = True
    settings = ("longest", "background")

    def __init__(self, longest: int = 16, *, background: int = 0, **common: Any) -> None:
        super().__init__(**common)
        self.longest = whole("longest", longest, least=1)
        self.background = whole("background", background, least=0)

    def map(self, batch: Batch) -> Map:
        """What is before, what is inserted, and what comes after."""
        recordings, steps = steps_of(batch.x)
        first = starts(batch.y)
        source, found = draw(self, ops.logical_and(first, is_background(batch.y, self.background)))
        length = stop_of(first, source) - source
        border, between = draw(self, ops.logical_and(first, steps > 0))
        gap = 1.0 + ops.floor(self.uniform((recordings, 1)) * self.longest)
        gap = ops.where(ops.logical_and(found, between), gap, 0.0)
        inserted = source + ops.mod(steps - border, length)
        place = ops.where(steps < border, steps, ops.where(steps < border + gap, inserted, steps - gap))
        return Map(place, ops.zeros_like(place, dtype="bool"))
