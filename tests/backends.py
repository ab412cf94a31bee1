"""Gradients and arrays on whichever backend Keras runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops


def gradient(function: Callable[[Any], Any], at: np.ndarray) -> np.ndarray:
    """The gradient of a scalar function of one array."""
    at = np.asarray(at, np.float32)
    backend = keras.backend.backend()
    if backend == "jax":
        import jax

        return np.asarray(jax.grad(function)(at))
    if backend == "tensorflow":
        import tensorflow as tf

        values = tf.convert_to_tensor(at)
        with tf.GradientTape() as tape:
            tape.watch(values)
            result = function(values)
        return np.asarray(tf.convert_to_tensor(tape.gradient(result, values)))
    values = ops.convert_to_tensor(at).requires_grad_(True)
    function(values).backward()
    return ops.convert_to_numpy(values.grad)


def number(value: Any) -> float:
    """A scalar tensor as a Python float."""
    return float(ops.convert_to_numpy(value))
