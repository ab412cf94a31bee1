"""A chain of transforms, drawn anew for each batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import keras
import numpy as np

from segmend.core.types import FloatArray, IntArray
from segmend.training.compiled import compiled


class Anew:
    """Transforms applied one after the other, their chance decided by a number.

    The transforms' own generators are neither read nor moved, so that threads may share a chain: what a batch becomes
    depends on the batch and its number alone. JAX and TensorFlow compile the chain at the first batch.

    Args:
        transforms: Keras layers that take ``(x, y)``, as ``segmend.augmentation`` has them; each draws from its
            ``seed_generator`` and from nothing else.

    Examples:
        >>> from segmend.augmentation import Offset
        >>> chain, x, y = Anew([Offset(1.0)]), np.eye(4, dtype="float32")[None], np.zeros((1, 4), "int32")
        >>> once, again, other = (np.asarray(chain(x, y, number)[0]) for number in (7, 7, 8))
        >>> bool((once == again).all()), bool((once == other).all())
        (True, False)
    """

    def __init__(self, transforms: Sequence[Any]) -> None:
        self.transforms = tuple(transforms)
        self.backend = keras.backend.backend()
        self._run = _compiled(_Chain(_described(self.transforms), self.transforms))

    def __call__(self, x: FloatArray, y: IntArray, number: int) -> tuple[Any, ...]:
        """The batch changed: NumPy arrays, on JAX arrays of its own; a third one where transforms weigh steps."""
        seeds = np.array([[number, place] for place in range(len(self.transforms))], np.uint32)
        parts = self._run(x, y, seeds)
        # JAX works in line: NumPy would wait for the training step before, and the next step for us.
        return tuple(parts if self.backend == "jax" else map(keras.ops.convert_to_numpy, parts))


@dataclass(frozen=True, slots=True)
class _Chain:
    """Transforms that equal others of the same description, for nothing is read of their generators."""

    described: str
    transforms: tuple[Any, ...] = field(compare=False)

    def __call__(self, x: Any, y: Any, seeds: Any) -> Any:
        """All transforms, with states of their generators that this call alone sees."""
        generators = [transform.seed_generator.state for transform in self.transforms]
        seeds = [keras.ops.cast(seeds[place], state.dtype) for place, state in enumerate(generators)]
        batch = (keras.ops.convert_to_tensor(x), keras.ops.convert_to_tensor(y))
        with keras.StatelessScope(state_mapping=list(zip(generators, seeds, strict=True))):
            for transform in self.transforms:
                batch = transform(batch)
        return batch


def _described(transforms: Sequence[Any]) -> str:
    """Classes and arguments, but for those that a chain does not use."""
    configs = [(type(each), {**each.get_config(), "name": None, "seed": None}) for each in transforms]
    return repr(configs)


@lru_cache(maxsize=16)
def _compiled(chain: _Chain) -> Callable[..., Any]:
    """The chain compiled, once for all networks that are trained on like batches."""
    return compiled(chain.__call__)
