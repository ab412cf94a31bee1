"""Over how many input steps an output stays the same because it was upsampled by repetition."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np

from segmend.anatomy import graph
from segmend.artifacts.anatomy import OutputFacts
from segmend.core.types import FloatArray

BLOCKS, ACROSS = 24, 2
"""Blocks that are looked at along the first axis, those at the ends left out, and along the others."""

MOST_STEPS = 2**14
SAME = 1e-6
NEVER, ALWAYS = 0.01, 0.9


def with_grain(model: Any, outputs: list[OutputFacts]) -> list[OutputFacts]:
    """The outputs with their ``grain`` along the first axis, where the graph repeats steps.

    The model answers for random input. Steps that equal their neighbour in all blocks are repetitions; where some
    blocks say yes and some no, as in a saturated model, nothing is told.

    Args:
        model: a built Keras model of one input.
        outputs: with their receptive fields.
    """
    functional = graph.graph_of(model)
    period = math.prod(_repeats(layer) for layer in graph.flat_layers(model))
    if functional is None or period < 2 or len(functional.inputs) != 1 or period * BLOCKS > MOST_STEPS:
        return outputs
    shape = tuple(functional.inputs[0].shape[1:])
    sizes = [size or period * (ACROSS if axis else BLOCKS) for axis, size in enumerate(shape[:-1])]
    if shape[-1] is None or not sizes or math.prod(sizes) > MOST_STEPS * BLOCKS:
        return outputs
    values = np.random.default_rng(0).normal(size=(1, *sizes, shape[-1])).astype("float32")
    answers = keras.tree.flatten(functional(values, training=False))
    rows = [keras.ops.convert_to_numpy(answer) for answer in answers]
    return [
        output.model_copy(update={"grain": _grain(row[0], period, sizes[0])})
        for output, row in zip(outputs, rows, strict=True)
    ]


def pattern(changes: Any, period: int) -> float | None:
    """The mean length, over steps, of the stretch without a change that a step lies in; None where irregular.

    Args:
        changes: whether each step differs from the one before it, (steps,).
        period: steps of a block.

    Examples:
        >>> pattern(np.arange(64) % 4 == 0, 4), pattern(np.arange(64) % 4 < 2, 4), pattern(np.ones(64, bool), 4)
        (4.0, 2.5, 1.0)
    """
    blocks = changes[: changes.size // period * period].reshape(-1, period)[1:-1]
    share = blocks.mean(axis=0) if len(blocks) else np.full(period, 0.5)
    if not np.all((share <= NEVER) | (share >= ALWAYS)) or not (share >= ALWAYS).any():
        return None
    places = np.flatnonzero(share >= ALWAYS)
    lengths = np.diff(np.append(places, places[0] + period))
    return float((lengths**2).sum() / period)


def _grain(rows: FloatArray, period: int, steps: int) -> float | None:
    """In input steps; rows are (output steps, ...)."""
    if rows.ndim < 2 or not rows.shape[0] or len(rows) < 3 * period:
        return None
    flat = rows.reshape(len(rows), -1)
    changes = np.append(True, np.abs(np.diff(flat, axis=0)).max(axis=1) > SAME)
    found = pattern(changes, period)
    return None if found is None else found * steps / len(rows)


def _repeats(layer: Any) -> int:
    """How often a layer repeats each step."""
    kind = type(layer).__name__
    if not kind.startswith(("UpSampling", "Repeat1D", "Repeat2D")):
        return 1
    return int(layer.size[0] if isinstance(layer.size, tuple | list) else layer.size)
