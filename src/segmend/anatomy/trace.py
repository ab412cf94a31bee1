"""Walk a Keras graph and carry along what each tensor sees of the input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from segmend.anatomy import graph
from segmend.anatomy.handlers import handler_of
from segmend.anatomy.probing import DISTURBANCES, POSITIONS, noticed, probed, surrounded
from segmend.anatomy.sight import Axis, Call, Sight, UnknownError, meet

PROBED_VALUES = 2**26
"""Largest number of values in a tensor that a probe may make: 256 MB."""


def trace(functional: Any, sights: Sequence[Sight]) -> list[Sight]:
    """What the outputs of a functional graph see, given what its inputs see.

    Raises:
        UnknownError: an operation cannot be told, or tensors that do not correspond are merged.
        ImpossibleLengthError: the graph cannot take the lengths that are being tried.
    """
    known = {id(tensor): sight for tensor, sight in zip(functional.inputs, sights, strict=True)}
    for node in graph.nodes(functional):
        tensors = node.arguments.keras_tensors
        if not tensors or all(id(output) in known for output in node.outputs):
            continue
        call = Call(node.operation, tensors, [known[id(tensor)] for tensor in tensors], node.outputs, _filler(node))
        known |= {id(output): sight for output, sight in zip(node.outputs, see(call), strict=True)}
    return [known[id(tensor)] for tensor in functional.outputs]


def _filler(node: Any) -> Callable[[Sequence[Any]], Any]:
    tensors = node.arguments.keras_tensors
    return lambda values: node.arguments.fill_in(
        {id(tensor): value for tensor, value in zip(tensors, values, strict=True)}
    )


def see(call: Call) -> list[Sight]:
    """What the outputs of one call see: by its graph, its handler, or a probe."""
    inner = graph.graph_of(call.operation)
    if inner is not None:
        # Behind a layer that masks, the mask is one more tensor of the call.
        return trace(inner, call.sights[: len(inner.inputs)])
    handler = handler_of(call.operation)
    sight = handler(call) if handler is not None else None
    if sight is None:
        return [probe(call, number) for number in range(len(call.outputs))]
    # Further outputs of a layer that has a handler are final states of recurrent layers.
    return [sight, *(tuple(axis.gone() for axis in sight) for _ in call.outputs[1:])]


def probe(call: Call, output: int = 0) -> Sight:
    """What one output of a call sees, found by injecting NaN into each of its inputs.

    Raises:
        UnknownError: the inputs are no floating-point tensors, too large, or the pattern is not regular.
    """
    shapes = [_shape(tensor, sight) for tensor, sight in zip(call.tensors, call.sights, strict=True)]
    clean = [
        np.random.default_rng(k).uniform(0.5, 1.5, size=(1, *shape)).astype("float32") for k, shape in enumerate(shapes)
    ]
    found = [_probe_input(call, output, clean, number) for number in range(len(clean))]
    return found[0] if len(found) == 1 else meet(found)


def _probe_input(call: Call, output: int, clean: Sequence[Any], number: int) -> Sight:
    def run(batch: Any) -> Any:
        rows = len(batch)
        values = [batch if k == number else np.repeat(value, rows, axis=0) for k, value in enumerate(clean)]
        args, kwargs = call.fill([keras.ops.convert_to_tensor(value) for value in values])
        results = keras.tree.flatten(call.operation(*args, **kwargs))
        return keras.ops.convert_to_numpy(keras.ops.cast(results[output], "float32"))

    def find(axis: Axis) -> Axis:
        if axis.place is None:
            return axis
        first, batch = surrounded(clean[number].shape[1:], axis.place)
        return probed(axis, noticed(first, run(batch), axis.place))

    try:
        return tuple(find(axis) for axis in call.sights[number])
    except UnknownError as error:
        raise UnknownError(f"{_title(call.operation)}: {error}") from None
    except Exception as error:
        raise UnknownError(f"{_title(call.operation)} could not be run by itself ({type(error).__name__})") from error


def _shape(tensor: Any, sight: Sight) -> list[int]:
    """The tensor's shape without the batch axis, with the lengths that are being tried."""
    shape = list(tensor.shape[1:])
    for axis in sight:
        if axis.place is not None:
            shape[axis.place - 1] = axis.steps
    if any(size is None for size in shape) or np.prod(shape) * len(DISTURBANCES) * POSITIONS > PROBED_VALUES:
        raise UnknownError(f"a tensor of shape {tuple(tensor.shape)} is too large or too open to be probed")
    return shape


def _title(operation: Any) -> str:
    return f'{type(operation).__name__} "{operation.name}"'
