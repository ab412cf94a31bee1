"""NumPy functions inside of compiled steps, for what is combinatorial and has no gradient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

Form = tuple[tuple[int | None, ...], str]
"""Shape, None where it is not known while a graph is made, and type of an array."""


def on_host(function: Callable[..., Sequence[Any]], tensors: Sequence[Any], forms: Sequence[Form]) -> tuple[Any, ...]:
    """What a NumPy function says of tensors, as tensors through which no gradient flows.

    It works in eager and in compiled steps; on JAX and TensorFlow in ``keras.ops.vectorized_map`` too, one element
    after the other. TensorFlow's XLA compiles no Python; Keras uses it where there is a GPU, unless models are compiled
    with ``jit_compile=False``.

    Args:
        function: takes as many arrays, gives as many as there are ``forms``; it calls no tensor function.
        tensors: what it is given.
        forms: shape and type of each array that it gives.

    Examples:
        >>> (order,) = on_host(lambda values: [np.argsort(values)], [ops.array([3.0, 1.0, 2.0])], [((3,), "int32")])
        >>> ops.convert_to_numpy(order).tolist()
        [1, 2, 0]
    """

    def called(*arrays: Any) -> list[Any]:
        found = function(*(np.asarray(array) for array in arrays))
        return [np.ascontiguousarray(each, dtype) for each, (_, dtype) in zip(found, forms, strict=True)]

    tensors = [ops.stop_gradient(ops.convert_to_tensor(tensor)) for tensor in tensors]
    backend = keras.backend.backend()
    if backend == "jax":
        import jax

        wanted = [jax.ShapeDtypeStruct(*form) for form in forms]
        return tuple(jax.pure_callback(called, wanted, *tensors, vmap_method="sequential"))
    if backend == "tensorflow":
        import tensorflow as tf

        found = tf.numpy_function(called, tensors, [dtype for _, dtype in forms], stateful=False)
        return tuple(tf.ensure_shape(each, shape) for each, (shape, _) in zip(found, forms, strict=True))
    return tuple(ops.convert_to_tensor(each) for each in called(*map(ops.convert_to_numpy, tensors)))
