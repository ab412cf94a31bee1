"""What a loss says of labels where a model favours no class: a number, unless the loss itself is broken."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
from keras import ops

from segmend.training.loss_and_output import loss_and_output


def even_loss(model: Any, x: Any, y: Any) -> float | None:
    """The compiled loss of labels where every class has the same probability; None where it cannot be told.

    Whatever the weights of the model are, such a loss must be a number. Where it is NaN or infinite, a weight of a
    class is infinite, or something is divided by zero.

    Args:
        model: a compiled model of one output and one loss.
        x: one batch of inputs, by which the shape of the output is told.
        y: its labels, as given to ``fit``.

    Examples:
        >>> import keras
        >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="softmax")])
        >>> model.compile(loss=lambda y, p: keras.ops.mean(np.inf * y * p))
        >>> even_loss(model, np.zeros((1, 3)), np.array([[0.0, 1.0]]))
        nan
    """
    try:
        with warnings.catch_warnings(action="ignore"):
            loss, output = loss_and_output(model, np.asarray(x))
            mean = _of_even(loss, tuple(output.shape), y)
    except Exception:  # noqa: BLE001 - a stranger's loss may raise anything
        return None
    return mean if math.isfinite(mean) else math.nan


def _of_even(loss: Any, shape: tuple[int, ...], y: Any) -> float:
    even = ops.full(shape, 1 / max(2, shape[-1]), dtype="float32")
    return float(np.mean(ops.convert_to_numpy(loss(ops.convert_to_tensor(y, dtype="float32"), even))))
