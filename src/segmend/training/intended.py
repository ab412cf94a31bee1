"""What weights are meant to do, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from segmend.core.types import FloatArray
from segmend.errors import InputError


def intended_weights(
    y: Any,
    shape: Sequence[int],
    sample_weight: Any = None,
    class_weight: Mapping[int, float] | Sequence[float] | None = None,
) -> FloatArray:
    """The weight of each step: its sample weight times the weight of its class.

    Args:
        y: class numbers ``(batch, *spatial)`` or ``(batch, *spatial, 1)``, or one-hot or overlapping labels
            ``(batch, *spatial, classes)``.
        shape: of the predictions, ``(batch, *spatial, classes)``.
        sample_weight: ``(batch,)``, ``(batch, *spatial)`` or ``(batch, *spatial, 1)``.
        class_weight: a weight for each class number; as in Keras, 1 for those that are not named.

    Returns:
        Shape (batch, *spatial); with class weights and overlapping labels (batch, *spatial, classes).

    Raises:
        InputError: the shapes do not belong together.

    Examples:
        >>> intended_weights(np.array([[0, 1, 1]]), (1, 3, 2), class_weight={1: 9.0}).tolist()
        [[1.0, 9.0, 9.0]]
        >>> intended_weights(np.array([[[1, 1], [0, 0]]]), (1, 2, 2), class_weight={1: 9.0}).tolist()
        [[[1.0, 9.0], [1.0, 9.0]]]
    """
    steps, classes = tuple(shape[:-1]), shape[-1]
    weight = np.ones(steps) if sample_weight is None else _over_steps(np.asarray(sample_weight, np.float64), steps)
    if class_weight is None:
        return weight
    by_class = np.ones(max(classes, 2))
    pairs = class_weight.items() if isinstance(class_weight, Mapping) else enumerate(class_weight)
    for number, value in pairs:
        if not 0 <= number < len(by_class):
            raise InputError(f"class_weight: expected class numbers below {len(by_class)}. Received {number}")
        by_class[number] = value
    if y.shape == tuple(shape) and classes > 1:
        if not np.all(y.sum(axis=-1) == 1):
            return weight[..., None] * by_class
        y = np.argmax(y, axis=-1)
    elif y.shape == (*steps, 1):
        y = y[..., 0]
    if y.shape != steps:
        raise InputError(f"y: expected labels for predictions of shape {tuple(shape)}. Received shape {y.shape}")
    number = y.astype(np.int64)
    if number.size and number.max() >= len(by_class):
        raise InputError(f"y: expected class numbers below {len(by_class)}. Received {number.max()}")
    return weight * np.where(number < 0, 1.0, by_class[number])


def _over_steps(values: FloatArray, steps: tuple[int, ...]) -> FloatArray:
    if values.shape == (*steps, 1):
        values = values[..., 0]
    if values.shape not in (steps, steps[:1]):
        raise InputError(f"sample_weight: expected shape {steps[:1]} or {steps}. Received shape {values.shape}")
    return np.broadcast_to(values.reshape(values.shape + (1,) * (len(steps) - values.ndim)), steps)
