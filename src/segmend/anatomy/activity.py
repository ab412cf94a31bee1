"""Units behind a ReLU that stay silent, whatever the recordings hold."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import keras
import numpy as np

from segmend.anatomy import graph
from segmend.artifacts.anatomy import Anatomy
from segmend.core.types import FloatArray

MOST_VALUES = 2**20
"""Input values that the model is watched on, at most."""

MOST_RECORDINGS = 128
LEAST_ROWS = 64
"""Steps (pixels, recordings) below which a silent unit may be chance."""


def with_activity(anatomy: Anatomy, model: Any, x: Sequence[Any]) -> Anatomy:
    """The anatomy with ``units`` and ``silent`` of its layers, where the model has a graph with a ReLU.

    Layers of nested models are left out.

    Args:
        anatomy: of the model.
        model: a built Keras model of one input.
        x: recordings; as many of the first one's shape as there is room for are looked at.
    """
    functional = graph.graph_of(model)
    if functional is None or len(functional.inputs) != 1 or not len(x):
        return anatomy
    watched = list(_rectified(functional))
    batch = _batch(functional.inputs[0].shape[1:], x)
    if not watched or batch is None:
        return anatomy
    probe = keras.Model(functional.inputs, [tensor for _, tensor in watched])
    answers = keras.tree.flatten(probe.predict_on_batch(batch))
    counts = {
        name: (int(rows.shape[-1]), _silent(rows))
        for (name, _), rows in zip(watched, answers, strict=True)
        if math.prod(rows.shape[:-1]) >= LEAST_ROWS
    }
    layers = tuple(
        layer.model_copy(update=dict(zip(("units", "silent"), counts[layer.name], strict=True)))
        if layer.name in counts
        else layer
        for layer in anatomy.layers
    )
    return anatomy.model_copy(update={"layers": layers, "activity_on": len(batch)})


def _silent(rows: FloatArray) -> int:
    """Channels that are 0 everywhere; rows are (..., channels)."""
    return int(np.sum(np.abs(rows).reshape(-1, rows.shape[-1]).max(axis=0) <= 0))


def _rectified(functional: Any) -> Iterator[tuple[str, Any]]:
    """Name and output of each layer that ends in a ReLU."""
    for node in graph.nodes(functional):
        operation = node.operation
        kind = type(operation).__name__
        named = getattr(getattr(operation, "activation", None), "__name__", "")
        plain = kind == "ReLU" and not getattr(operation, "negative_slope", 0)
        first = getattr(operation, "data_format", None) == "channels_first"
        if (named in ("relu", "relu6") or plain) and len(node.outputs) == 1 and not first:
            yield operation.name, node.outputs[0]


def _batch(shape: Sequence[int | None], x: Sequence[Any]) -> FloatArray | None:
    """Recordings of one shape that the model takes; None where there are none."""
    first = tuple(np.shape(x[0]))
    if len(first) != len(shape) or any(size not in (None, has) for size, has in zip(shape, first, strict=True)):
        return None
    room = max(1, min(MOST_RECORDINGS, MOST_VALUES // max(1, math.prod(first))))
    chosen = [rows for rows in x if tuple(np.shape(rows)) == first][:room]
    batch = np.stack([np.asarray(rows, np.float32) for rows in chosen])
    return batch if np.isfinite(batch).all() else None
