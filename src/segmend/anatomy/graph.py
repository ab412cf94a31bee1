"""A Keras graph as a list of calls: the only file that knows how Keras stores nodes.

Keras 3 has no public walk over nodes, so this reads ``_functional`` of Sequential, ``_nodes_by_depth`` and
``_keras_history``; they have been there since 3.0.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any


def is_keras(model: Any) -> bool:
    """Whether this is a Keras model; Keras is not imported for it."""
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(model, keras.Model)


def output_names(model: Any) -> list[tuple[str, ...]]:
    """Of each output of a graph the names that it goes by: its key in a dict of outputs, its layer's name."""
    structure = getattr(model, "_outputs_struct", None)
    layers = [str(name) for name in model.output_names]
    keys = [str(key) for key in sorted(structure)] if isinstance(structure, dict) else []
    given = keys if len(keys) == len(layers) else layers
    return [tuple(dict.fromkeys(pair)) for pair in zip(given, layers, strict=True)]


def graph_of(model: Any) -> Any | None:
    """The functional graph inside a model: itself, or Sequential's; None for subclassed and unbuilt models."""
    graph = getattr(model, "_functional", None) or model
    overridden = type(model).call is not getattr(_keras_class(model), "call", None)
    return None if overridden or not hasattr(graph, "_nodes_by_depth") else graph


def _keras_class(model: Any) -> type | None:
    """The Keras class whose ``call`` a graph model must have kept."""
    for kind in type(model).__mro__:
        if kind.__name__ in ("Sequential", "Functional") and kind.__module__.startswith("keras."):
            return kind
    return None


def nodes(graph: Any) -> Iterator[Any]:
    """The graph's nodes, inputs first."""
    for depth in sorted(graph._nodes_by_depth, reverse=True):
        yield from graph._nodes_by_depth[depth]


def producer(tensor: Any) -> tuple[Any, Any]:
    """The operation that made a symbolic tensor, and its node."""
    history = tensor._keras_history
    return history.operation, history.operation._inbound_nodes[history.node_index]


def produced_index(tensor: Any) -> int:
    """Which of its operation's outputs a symbolic tensor is."""
    return int(tensor._keras_history.tensor_index)


def flat_layers(model: Any) -> Iterator[Any]:
    """All layers in order, nested models opened, each once."""
    seen: set[int] = set()
    stack = [iter(model.layers)]
    while stack:
        layer = next(stack[-1], None)
        if layer is None:
            stack.pop()
        elif hasattr(layer, "layers"):
            stack.append(iter(layer.layers))
        elif id(layer) not in seen:
            seen.add(id(layer))
            yield layer
