"""Two recordings at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from segmend.augmentation.arguments import limits
from segmend.augmentation.base import Batch, Transform, over
from segmend.augmentation.mixing import partners
from segmend.errors import InputError


@keras.saving.register_keras_serializable(package="segmend")
class Overlay(Transform):
    """Add another recording of the batch to each one, louder or quieter; the labels are those of both.

    For signals that add up, such as sound, and labels that may overlap: a class is there if either recording has it.
    What is ignored in either is ignored; the lower weight counts.

    Args:
        gain: decibels by which the other recording is raised, or the lowest and the highest.
        **common: ``share``, ``labels``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: ``gain`` is not a number or two in order; when called: labels are not 0 or 1 for each class.

    Examples:
        >>> import numpy as np
        >>> x, y = np.array([[[1.0]], [[2.0]]], "float32"), np.array([[[1, 0]], [[0, 1]]])
        >>> new_x, new_y = Overlay(0.0)((x, y))
        >>> np.asarray(new_x).ravel().tolist(), np.asarray(new_y).tolist()
        ([3.0, 3.0], [[[1, 1]], [[1, 1]]])
    """

    counts = "may change"
    mixes = True
    settings = ("gain",)

    def __init__(self, gain: float | Sequence[float] = (-12.0, 0.0), **common: Any) -> None:
        super().__init__(**common)
        self.gain = limits("gain", gain)

    def change(self, batch: Batch) -> Batch:
        """The sum of signals and the union of labels."""
        x, y, weight = batch
        wanted = len(x.shape) if self.labels == "steps" else 2
        if len(y.shape) != wanted:
            raise InputError(f"y: expected 0 or 1 for each class, {wanted} axes. Received shape {tuple(y.shape)}")
        other = partners(self, batch)
        decibels = over(self.uniform((ops.shape(x)[0],), *self.gain), x)
        ignored = ops.any(ops.minimum(y, other.y) < 0, axis=-1, keepdims=True)
        y = ops.where(ignored, ops.cast(-1, y.dtype), ops.maximum(y, other.y))
        weight = None if weight is None else ops.minimum(weight, other.weight)
        return Batch(x + other.x * 10.0 ** (decibels / 20.0), y, weight)
