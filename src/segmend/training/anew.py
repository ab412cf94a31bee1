"""A chain of transforms, drawn anew for each batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from segmend.core.types import FloatArray, IntArray


class Anew:
    """Transforms applied one after the other, their chance decided by a number.

    Args:
        transforms: Keras layers that take ``(x, y)``, as ``segmend.augmentation`` has them; each keeps its generator in
            ``seed_generator``.

    Examples:
        >>> from segmend.augmentation import Offset
        >>> chain, x, y = Anew([Offset(1.0)]), np.eye(4, dtype="float32")[None], np.zeros((1, 4), "int32")
        >>> once, again, other = (np.asarray(chain(x, y, number)[0]) for number in (7, 7, 8))
        >>> bool((once == again).all()), bool((once == other).all())
        (True, False)
    """

    def __init__(self, transforms: Sequence[Any]) -> None:
        self.transforms = list(transforms)

    def __call__(self, x: FloatArray, y: IntArray, number: int) -> tuple[Any, ...]:
        """The batch changed, as NumPy arrays; a third array where transforms weigh steps."""
        batch: Any = (keras.ops.convert_to_tensor(x), keras.ops.convert_to_tensor(y))
        for place, transform in enumerate(self.transforms):
            generator = transform.seed_generator
            generator.state.assign(np.array([number, place], np.uint32))
            batch = transform(batch)
        return tuple(keras.ops.convert_to_numpy(part) for part in batch)
