"""A stretch of another recording."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.augmentation.arguments import number
from segmend.augmentation.base import Batch, Transform, ignore
from segmend.augmentation.mixing import partners
from segmend.augmentation.warp import steps_of


@keras.saving.register_keras_serializable(package="segmend")
class CutMix(Transform):
    """Replace a stretch of each recording by the same stretch of another one of the batch, labels and weights too.

    As CutMix (Yun et al. 2019) along time, with labels step by step. The two steps at each seam have label -1.

    Args:
        longest: longest stretch, as a share of the recording; its length is drawn evenly from 0.
        **common: ``share``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: ``longest`` is not from 0 to 1.

    Examples:
        >>> import numpy as np
        >>> x, y = np.ones((2, 5, 1), "float32"), np.zeros((2, 5), int)
        >>> [part.shape for part in CutMix(0.5, seed=0)((x, y))]
        [(2, 5, 1), (2, 5)]
    """

    counts = "may change"
    mixes = True
    ranks = (1,)
    on_steps = True
    settings = ("longest",)

    def __init__(self, longest: float = 0.5, **common: Any) -> None:
        super().__init__(**common)
        self.longest = number("longest", longest, least=0.0, most=1.0)

    def change(self, batch: Batch) -> Batch:
        """Each recording with a stretch of its partner."""
        other = partners(self, batch)
        recordings, steps = steps_of(batch.x)
        size = ops.cast(ops.shape(batch.x)[1], "float32")
        length = ops.round(self.uniform((recordings, 1)) * self.longest * size)
        first = ops.floor(self.uniform((recordings, 1)) * (size - length + 1))
        taken = ops.logical_and(steps >= first, steps < first + length)
        seam = _beside(_changes(taken))
        x, y, weight = (
            None if mine is None else _take(taken, mine, its) for mine, its in zip(batch, other, strict=True)
        )
        if weight is not None and len(weight.shape) > 1:
            weight = ignore(weight, seam, 0)
        return Batch(x, ignore(y, seam, -1), weight)


def _take(taken: Any, mine: Any, its: Any) -> Any:
    """Steps of the other recording where they are taken; weights of recordings: the lower one."""
    if mine is None:
        return None
    if len(mine.shape) == 1:
        return ops.minimum(mine, its)
    return ops.where(taken if len(mine.shape) == 2 else ops.expand_dims(taken, -1), its, mine)


def _changes(taken: Any) -> Any:
    return ops.logical_xor(taken[:, 1:], taken[:, :-1])


def _beside(changes: Any) -> Any:
    before, behind = (ops.pad(ops.cast(changes, "int32"), [(0, 0), pad]) for pad in ((0, 1), (1, 0)))
    return before + behind > 0
