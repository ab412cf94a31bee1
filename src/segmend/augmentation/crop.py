"""A random part of a recording or image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from segmend.augmentation.arguments import whole
from segmend.augmentation.base import Batch, Transform
from segmend.augmentation.warp import at
from segmend.errors import InputError


@keras.saving.register_keras_serializable(package="segmend")
class Crop(Transform):
    """Keep a random part of each recording, of one size; a call with ``training=False`` crops nothing.

    Segments of signals are only lost; those of images may fall into two.

    Args:
        size: steps along every spatial axis, or one number for each axis.
        **common: ``labels``, ``seed``, ``name``, as for ``Transform``; ``share`` stays 1, for shapes must be equal.

    Raises:
        InputError: ``size`` is below 1 or ``share`` is not 1; when called: a recording is smaller than ``size``.

    Examples:
        >>> import numpy as np
        >>> x, y = np.arange(6, dtype="float32").reshape(1, 6, 1), np.arange(6).reshape(1, 6)
        >>> new_x, new_y = Crop(4, seed=0)((x, y))
        >>> np.array_equal(np.asarray(new_x[..., 0]), np.asarray(new_y)), new_y.shape
        (True, (1, 4))
    """

    counts = "may change"
    settings = ("size",)

    def __init__(self, size: int | Sequence[int], **common: Any) -> None:
        super().__init__(**common)
        sizes = (size,) if isinstance(size, int) else tuple(size)
        self.size = tuple(whole("size", steps, least=1) for steps in sizes)
        if self.share < 1.0:
            raise InputError(f"share: Crop changes every recording, expected 1. Received {self.share}")

    def change(self, batch: Batch) -> Batch:
        """The part."""
        sizes = self._sizes(tuple(batch.x.shape[1:-1]))
        x, y, weight = batch
        for axis, size in enumerate(sizes, 1):
            recordings, have = ops.shape(x)[0], ops.shape(x)[axis]
            room = ops.cast(have - size + 1, "float32")
            first = ops.cast(ops.floor(self.uniform((recordings, 1)) * room), "int32")
            index = first + ops.expand_dims(ops.arange(size, dtype="int32"), 0)
            x = _part(x, index, axis)
            y = _part(y, index, axis) if self.labels == "steps" else y
            weight = weight if weight is None or len(weight.shape) == 1 else _part(weight, index, axis)
        return Batch(x, y, weight)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shapes with the new size along the spatial axes."""
        sizes = self._sizes(tuple(input_shape[0][1:-1]))
        parts = [tuple(shape) for shape in input_shape]
        cut = [True, self.labels == "steps", *(len(shape) > 1 for shape in parts[2:])]
        return tuple(
            (shape[0], *sizes, *shape[1 + len(sizes) :]) if crop else shape
            for shape, crop in zip(parts, cut, strict=True)
        )

    def _sizes(self, spatial: tuple[int | None, ...]) -> tuple[int, ...]:
        sizes = self.size * len(spatial) if len(self.size) == 1 else self.size
        if len(sizes) != len(spatial) or any(
            have is not None and have < size for have, size in zip(spatial, sizes, strict=True)
        ):
            raise InputError(f"x: expected at least {self.size} steps. Received spatial axes {spatial}")
        return sizes


def _part(values: Any, index: Any, axis: int) -> Any:
    if axis == 1:
        return at(values, index)
    return ops.swapaxes(at(ops.swapaxes(values, 1, axis), index), 1, axis)
