"""First weights."""

from __future__ import annotations

import math
import random
from typing import Any

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="segmend")
class Normal(keras.initializers.Initializer):
    """Normal numbers of mean 0, drawn by NumPy.

    JAX compiles its own generator anew for every shape, which takes longer than the first epoch of a small network.

    Args:
        std: their standard deviation; None takes He's, the root of 2 / inputs of a unit.
        seed: of the generator; None draws one, so that ``keras.utils.set_random_seed`` decides.

    Source:
        He et al. 2015, "Delving deep into rectifiers".

    Examples:
        >>> weights = np.asarray(Normal(seed=0)((3, 50, 400)))
        >>> print(f"{weights.std():.2f}, {(2 / 150) ** 0.5:.2f}")
        0.12, 0.12
    """

    def __init__(self, std: float | None = None, seed: int | None = None) -> None:
        self.std = std
        self.seed = random.randrange(2**31) if seed is None else seed

    def __call__(self, shape: Any, dtype: Any = None) -> Any:
        """Numbers of the given shape; the last axis is that of the units."""
        std = math.sqrt(2 / math.prod(shape[:-1])) if self.std is None else self.std
        drawn = np.random.default_rng(self.seed).normal(scale=std, size=tuple(shape))
        return ops.convert_to_tensor(drawn.astype("float32"), dtype=dtype)

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        return {"std": self.std, "seed": self.seed}
