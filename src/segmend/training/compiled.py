"""Functions of tensors, compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras


def compiled(call: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, compiled where the backend can; PyTorch runs it as it stands.

    Examples:
        >>> double = compiled(lambda x: 2 * x)
        >>> import numpy as np
        >>> float(double(np.float32(1.5)))
        3.0
    """
    backend = keras.backend.backend()
    if backend == "jax":
        import jax

        return jax.jit(call)
    if backend == "tensorflow":
        import tensorflow as tf

        return tf.function(call)
    return call
