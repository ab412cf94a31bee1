"""Moving a recording round in a circle."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.augmentation.arguments import whole
from segmend.augmentation.base import Batch
from segmend.augmentation.warp import Map, Warp, steps_of


@keras.saving.register_keras_serializable(package="segmend")
class Shift(Warp):
    """Move a recording; what leaves at one end comes in at the other.

    The two steps at the seam, where the old end meets the old beginning, have label -1. A segment there may be lost,
    and one that now lies at both ends counts twice.

    Args:
        furthest: steps by which a recording is moved at most, either way; None: anywhere.
        **common: ``share``, ``labels``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: ``furthest`` is below 1.

    Examples:
        >>> import numpy as np
        >>> x, y = np.ones((2, 5, 1), "float32"), np.zeros((2, 5), int)
        >>> [part.shape for part in Shift(2, seed=0)((x, y))]
        [(2, 5, 1), (2, 5)]
    """

    counts = "may change"
    settings = ("furthest",)

    def __init__(self, furthest: int | None = None, **common: Any) -> None:
        super().__init__(**common)
        self.furthest = None if furthest is None else whole("furthest", furthest, least=1)

    def map(self, batch: Batch) -> Map:
        """Whole steps, round in a circle."""
        recordings, steps = steps_of(batch.x)
        length = ops.cast(ops.shape(batch.x)[1], "float32")
        drawn = self.uniform((recordings, 1))
        if self.furthest is None:
            by = ops.floor(drawn * length)
        else:
            by = ops.floor(drawn * (2 * self.furthest + 1)) - self.furthest
        place = ops.mod(steps - by, length)
        ends = ops.logical_or(place < 0.5, place > length - 1.5)
        moved = ops.mod(by, length) > 0.5
        return Map(place, ops.logical_and(ends, moved))
