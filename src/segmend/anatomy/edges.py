"""Which step an operation takes out of many, found by trying."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import keras
import numpy as np

TRIED = 7
"""Steps of the example where the length is left open."""


def taken_step(operation: Any, tensors: Sequence[Any], output: Any) -> Literal["first", "last"] | None:
    """Whether an operation without weights gives the first or the last step of ``(batch, steps, channels)``.

    The operation is run on steps that hold their own number, so that slices, lambdas and custom layers are all told
    alike.

    Args:
        operation: Keras layer or operation.
        tensors: its symbolic input and, behind a layer that masks, the mask.
        output: its symbolic output.

    Examples:
        >>> x = keras.Input((None, 4))
        >>> last = x[:, -1]
        >>> taken_step(last._keras_history.operation, [x], last)
        'last'
    """
    tensor, *masks = tensors
    if len(tensor.shape) != 3 or len(output.shape) not in (2, 3) or getattr(operation, "weights", None):
        return None
    if len(output.shape) == 3 and output.shape[1] != 1:
        return None
    steps, channels = tensor.shape[1] or TRIED, tensor.shape[2]
    if channels is None or steps < 2:
        return None
    numbers = np.broadcast_to(np.arange(steps, dtype="float32")[:, None], (1, steps, channels))
    try:
        node = operation._inbound_nodes[output._keras_history.node_index]
        every = {id(mask): keras.ops.ones((1, steps), "bool") for mask in masks}
        args, kwargs = node.arguments.fill_in({id(tensor): keras.ops.convert_to_tensor(numbers), **every})
        taken = keras.ops.convert_to_numpy(operation(*args, **kwargs))
    except Exception:  # noqa: BLE001 - a stranger's layer may raise anything
        return None
    if taken.size != channels:
        return None
    return "last" if np.all(taken == steps - 1) else "first" if np.all(taken == 0) else None
