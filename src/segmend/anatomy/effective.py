"""The effective receptive field: how much of the theoretical one the gradient really reaches.

Luo, Li, Urtasun, Zemel 2016, "Understanding the effective receptive field in deep convolutional neural networks": the
gradient of a central output step with respect to random input.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from segmend.anatomy.running import at_rest
from segmend.artifacts.anatomy import OutputFacts
from segmend.core.types import FloatArray

SHARES = (50, 90, 95, 99)
"""Shares of the gradient, in per cent."""

DRAWS = 8
SHORTEST, LONGEST = 256, 4096


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
    sizes = [size or _length(outputs) for size in shape]
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
    found = []
    for axis in range(axes):
        profile = gradient.sum(axis=tuple(k for k in range(gradient.ndim) if k != axis))
        told = np.isfinite(profile).all() and profile.sum() > 0
        found.append({share: width(profile, share / 100) for share in SHARES} if told else {})
    return found


def width(profile: FloatArray, mass: float) -> int:
    """Length of the shortest stretch that holds the given share of the mass.

    Example:
        >>> width(np.array([0.0, 1, 8, 1, 0]), 0.8), width(np.ones(100), 0.95)
        (1, 95)
    """
    total = np.concatenate([[0.0], np.cumsum(profile, dtype=np.float64)])
    wanted = mass * total[-1] * (1 - 1e-12)
    stops = np.searchsorted(total, total[:-1] + wanted)
    reached = stops < len(total)
    return int((stops - np.arange(len(profile)))[reached].min())


def _length(outputs: Sequence[OutputFacts]) -> int:
    sizes = [field.size or 0 for output in outputs for field in output.fields]
    coarse = max((int(field.stride) for output in outputs for field in output.fields), default=1) or 1
    length = min(max(2 * max(sizes, default=0), SHORTEST), LONGEST)
    return -(-length // (32 * coarse)) * 32 * coarse


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
