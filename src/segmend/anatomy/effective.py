"""The effective receptive field: how much of the theoretical one the gradient really reaches.

Luo, Li, Urtasun, Zemel 2016, "Understanding the effective receptive field in deep convolutional neural networks": the
gradient of a central output step with respect to random input.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from segmend.anatomy.profile import DRAWS, length_for, shares_along
from segmend.anatomy.running import at_rest
from segmend.artifacts.anatomy import OutputFacts
from segmend.core.types import FloatArray


def widths(model: Any, shape: Sequence[int | None], outputs: Sequence[OutputFacts]) -> list[list[dict[int, int]]]:
    """Input steps that carry shares of the absolute gradient of a central output step, per output and spatial axis.

    A random direction over the output's channels is differentiated: the sum of a softmax is constant.

    Args:
        model: a built Keras model of one input.
        shape: of the input without the batch axis.
        outputs: with their receptive fields.

    Returns:
        For each output and axis, the steps for each of ``SHARES``; empty where no gradient comes through, where there
        are several inputs, or where the model cannot be differentiated.
    """
    sizes = [size or length_for(outputs) for size in shape]
    alone = len(getattr(model, "inputs", None) or [None]) == 1
    return [
        _of_output(model, number, sizes, len(output.fields)) if alone and output.fields else []
        for number, output in enumerate(outputs)
    ]


def _of_output(model: Any, number: int, sizes: Sequence[int], axes: int) -> list[dict[int, int]]:
    try:
        gradient = np.abs(_gradient(model, number, sizes)).sum(axis=0)
    except Exception:  # noqa: BLE001 - a stranger's model may raise anything, and this is one fact of many
        return [{}] * axes
    return shares_along(gradient, axes)


def _gradient(model: Any, number: int, sizes: Sequence[int]) -> FloatArray:
    """Gradient of a random combination of the central output step's channels, for several random inputs."""
    rng = np.random.default_rng(0)
    batch = rng.normal(size=(DRAWS, *sizes)).astype("float32")

    def central(out: Any) -> Any:
        middle = tuple(size // 2 for size in out.shape[1:-1])
        values = out[(slice(None), *middle)]
        direction = np.random.default_rng(1).normal(size=tuple(values.shape)).astype("float32")
        return keras.ops.sum(values * keras.ops.convert_to_tensor(direction))

    return _BACKENDS[keras.backend.backend()](model, number, batch, central)


def _jax(model: Any, number: int, batch: FloatArray, central: Any) -> FloatArray:
    import jax

    trainable = [variable.value for variable in model.trainable_variables]
    fixed = [variable.value for variable in model.non_trainable_variables]

    def loss(values: Any) -> Any:
        out, _ = model.stateless_call(trainable, fixed, values, **at_rest(model))
        return central(keras.tree.flatten(out)[number])

    return np.asarray(jax.jit(jax.grad(loss))(batch))


def _tensorflow(model: Any, number: int, batch: FloatArray, central: Any) -> FloatArray:
    import tensorflow

    values = tensorflow.convert_to_tensor(batch)
    with tensorflow.GradientTape() as tape:
        tape.watch(values)
        loss = central(keras.tree.flatten(model(values, **at_rest(model)))[number])
    gradient = tape.gradient(loss, values)
    return np.zeros_like(batch) if gradient is None else gradient.numpy()


def _torch(model: Any, number: int, batch: FloatArray, central: Any) -> FloatArray:
    import torch

    values = keras.ops.convert_to_tensor(batch).requires_grad_(True)
    loss = central(keras.tree.flatten(model(values, **at_rest(model)))[number])
    if not loss.requires_grad:
        return np.zeros_like(batch)
    (gradient,) = torch.autograd.grad(loss, values, allow_unused=True)
    return np.zeros_like(batch) if gradient is None else gradient.cpu().numpy()


_BACKENDS = {"jax": _jax, "tensorflow": _tensorflow, "torch": _torch}
