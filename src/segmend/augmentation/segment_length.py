"""Single segments made longer or shorter."""

from __future__ import annotations

import math
from typing import Any

import keras
from keras import ops

from segmend.augmentation.arguments import number, whole
from segmend.augmentation.base import Batch
from segmend.augmentation.runs import draw, is_foreground, starts, stop_of
from segmend.augmentation.warp import Map, Warp, inside, steps_of


@keras.saving.register_keras_serializable(package="segmend")
class SegmentLength(Warp):
    """Stretch or squeeze one random segment; what comes after it moves along.

    What moves beyond the end is lost; where steps are missing at the end, the signal stands still and the label is -1.

    Args:
        factor: the segment becomes at most so many times longer or shorter, in whole steps, at least one.
        background: the class that is no segment, or None; overlapping labels: steps without any label are none.
        **common: ``share``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: ``factor`` is below 1 or ``background`` negative.

    Examples:
        >>> import numpy as np
        >>> x, y = np.ones((1, 6, 1), "float32"), np.array([[0, 1, 1, 0, 2, 0]])
        >>> [part.shape for part in SegmentLength(2.0, seed=0)((x, y))]
        [(1, 6, 1), (1, 6)]
    """

    counts = "may lose"
    on_steps = True
    settings = ("factor", "background")

    def __init__(self, factor: float = 1.5, *, background: int | None = 0, **common: Any) -> None:
        super().__init__(**common)
        self.factor = number("factor", factor, least=1.0)
        self.background = None if background is None else whole("background", background, least=0)

    def map(self, batch: Batch) -> Map:
        """Three straight pieces: before, within and after the segment."""
        recordings, steps = steps_of(batch.x)
        first = starts(batch.y)
        start, found = draw(self, ops.logical_and(first, is_foreground(batch.y, self.background)))
        old = stop_of(first, start) - start
        half = math.log(self.factor)
        new = ops.round(old * ops.exp(self.uniform((recordings, 1), -half, half)))
        new = ops.where(found, ops.maximum(new, 1.0), old)
        # A step stands for half a step to each side of it.
        within = start - 0.5 + (steps - start + 0.5) * old / new
        place = ops.where(steps < start, steps, ops.where(steps < start + new, within, steps - new + old))
        return Map(place, ops.logical_not(inside(place, ops.shape(batch.x)[1])))
