"""Many random numbers at once."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import keras
import numpy as np
from keras import ops


def normal(shape: Any, generator: keras.random.SeedGenerator) -> Any:
    """Numbers of mean 0 and standard deviation 1, float32; those that ``keras.random.normal`` draws.

    Where XLA fuses them with what they are added to, it computes them along the last axis, of a few channels, with
    hardly any of them at once: 192,000 numbers for 12 channels take 5.2 ms instead of 1.2.

    Examples:
        >>> normal((2, 3), keras.random.SeedGenerator(0)).shape
        (2, 3)
    """
    if keras.backend.backend() != "jax":
        return keras.random.normal(shape, dtype="float32", seed=generator)
    return ops.reshape(_of_jax()(generator.next(), math.prod(shape)), shape)


@cache
def _of_jax() -> Callable[[Any, int], Any]:
    """Numbers from a key, as a computation of its own: XLA never fuses the branches of a condition."""
    import jax

    def draw(size: int, key: Any) -> Any:
        return jax.random.normal(key, (size,), "float32")

    def either(key: Any, size: int) -> Any:
        return jax.lax.cond(key[0] < np.uint32(2**32 - 1), partial(draw, size), lambda key: draw(size, key + 1), key)

    return jax.jit(either, static_argnums=1)
