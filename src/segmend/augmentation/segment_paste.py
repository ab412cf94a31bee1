"""Segments copied into the background."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.augmentation.arguments import whole
from segmend.augmentation.base import Batch
from segmend.augmentation.runs import draw, is_background, is_foreground, room, starts, stop_of
from segmend.augmentation.warp import Map, Warp, steps_of


@keras.saving.register_keras_serializable(package="segmend")
class SegmentPaste(Warp):
    """Copy one random segment of a recording over a place in its background where it touches no other one.

    Segments cut by the ends of the recording are not copied. Where there is no segment or no room, nothing changes.

    Args:
        margin: steps of background that stay on each side, at least 1.
        background: the class that may be covered; overlapping labels: steps without any label.
        **common: ``share``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: ``margin`` is below 1 or ``background`` negative.

    Examples:
        >>> import numpy as np
        >>> y = np.array([[0, 5, 5, 0, 0, 0, 0]])
        >>> new_x, new_y = SegmentPaste(seed=0)((y[..., None].astype("float32"), y))
        >>> np.asarray(new_y).tolist(), np.asarray(new_x, int).ravel().tolist()
        ([[0, 5, 5, 0, 5, 5, 0]], [0, 5, 5, 0, 5, 5, 0])
    """

    counts = "may gain"
    on_steps = True
    settings = ("margin", "background")

    def __init__(self, *, margin: int = 1, background: int = 0, **common: Any) -> None:
        super().__init__(**common)
        self.margin = whole("margin", margin, least=1)
        self.background = whole("background", background, least=0)

    def map(self, batch: Batch) -> Map:
        """Each step itself, but for the steps pasted over."""
        _, steps = steps_of(batch.x)
        first = starts(batch.y)
        last = ops.cast(ops.shape(first)[1], "float32") - 1
        ended = _begins_before_the_last_change(first, steps)
        uncut = ops.logical_and(ops.logical_and(first, steps > 0), ops.logical_and(ended, steps < last))
        start, found = draw(self, ops.logical_and(uncut, is_foreground(batch.y, self.background)))
        length = stop_of(first, start) - start
        to, fits = draw(self, room(is_background(batch.y, self.background), length, self.margin))
        pasted = ops.logical_and(steps >= to, steps < to + length)
        pasted = ops.logical_and(pasted, ops.logical_and(found, fits))
        place = ops.where(pasted, steps - to + start, steps + 0 * start)
        return Map(place, ops.zeros_like(pasted))


def _begins_before_the_last_change(first: Any, steps: Any) -> Any:
    """Whether a change follows, so that the run of a step is not the last one."""
    return steps < ops.max(ops.where(first, steps, -1.0), axis=1, keepdims=True)
