"""The one loss and the one output of a compiled model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

from segmend.anatomy.running import at_rest
from segmend.errors import InputError


def loss_and_output(model: Any, x: Any) -> tuple[Any, Any]:
    """The loss that a model is compiled with, and its output for a batch as a tensor that still carries its mask.

    Raises:
        InputError: the model has no loss, or several losses or outputs.

    Examples:
        >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
        >>> model.compile(loss="mse")
        >>> loss, output = loss_and_output(model, keras.ops.zeros((4, 3)))
        >>> loss.__name__, tuple(output.shape)
        ('mean_squared_error', (4, 2))
    """
    loss = getattr(model, "loss", None)
    if isinstance(loss, list | tuple | Mapping) and len(loss) == 1:
        (loss,) = loss.values() if isinstance(loss, Mapping) else loss
    if loss is None or isinstance(loss, list | tuple | Mapping):
        raise InputError(f"model: expected one that is compiled with one loss. Received {loss!r} as its loss")
    outputs = keras.tree.flatten(model(x, **at_rest(model)))
    if len(outputs) != 1:
        raise InputError(f"model: expected one output. Received {len(outputs)}")
    return keras.losses.get(loss), outputs[0]
