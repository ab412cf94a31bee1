"""The activations between a model's last layer with weights and its output."""

from __future__ import annotations

import re
from typing import Any

import keras
import numpy as np

from segmend.anatomy import graph

_PASSING = (
    "Dropout SpatialDropout1D SpatialDropout2D Identity Reshape Permute Transpose Squeeze ExpandDims Cast Cropping1D "
    "Cropping2D ZeroPadding1D ZeroPadding2D UpSampling1D UpSampling2D Repeat1D Repeat2D CropLike Hide "
    "GetItem Masking StopGradient"
)
_NAMED = (
    "Softmax LogSoftmax Sigmoid LogSigmoid HardSigmoid ReLU Relu Relu6 LeakyReLU LeakyRelu ELU Elu Selu Gelu Silu "
    "Softplus Softsign Tanh Exp PReLU"
)


def activations(functional: Any, tensor: Any) -> tuple[str, ...]:
    """The activations of the last layer with weights and of what follows, first to last.

    "linear" stands only where there is no other. Empty where the output comes from a merge or an unknown layer.
    """
    names, known = _back(functional, tensor)
    loud = tuple(name for name in names if name != "linear")
    return loud if loud or not known else ("linear",)


def of_layers(layers: list[Any]) -> tuple[str, ...]:
    """The same for a list of layers without a graph (a Sequential that is not built); empty where unknown."""
    names: list[str] = []
    for layer in reversed(layers):
        name, goes_on = _activation(layer)
        names[:0] = [] if name is None else [name]
        if not goes_on:
            break
    return tuple(name for name in names if name != "linear") or tuple(names[:1])


def biases(functional: Any, tensor: Any) -> dict[str, tuple[float, ...] | None]:
    """``bias`` and ``initial_bias`` of the last layer with weights, as in ``OutputFacts``; empty where unknown."""
    layer = _last_weighted(functional, tensor)
    bias = getattr(layer, "bias", None)
    if bias is None or len(bias.shape) != 1 or bias.shape[0] != tensor.shape[-1]:
        return {}
    start = getattr(layer.bias_initializer, "value", None)
    values = keras.ops.convert_to_numpy(bias).astype(float).tolist()
    initial = None if start is None else np.broadcast_to(np.asarray(start, float), bias.shape).tolist()
    return {"bias": tuple(values), "initial_bias": None if initial is None else tuple(initial)}


def _last_weighted(functional: Any, tensor: Any) -> Any:
    """The last layer with weights before an output, None where the output comes from a merge or an unknown layer."""
    inputs = {id(start) for start in functional.inputs}
    while id(tensor) not in inputs:
        operation, node = graph.producer(tensor)
        inner = graph.graph_of(operation)
        if inner is not None:
            return _last_weighted(inner, inner.outputs[graph.produced_index(tensor)])
        _, goes_on = _activation(operation)
        if not goes_on:
            return getattr(operation, "layer", operation)
        tensor = node.arguments.keras_tensors[0]
    return None


def _back(functional: Any, tensor: Any) -> tuple[list[str], bool]:
    """Names on the way back, and whether the way ended at a layer with weights."""
    inputs = {id(start) for start in functional.inputs}
    names: list[str] = []
    while id(tensor) not in inputs:
        operation, node = graph.producer(tensor)
        inner = graph.graph_of(operation)
        if inner is not None:
            found, ended = _back(inner, inner.outputs[graph.produced_index(tensor)])
            names[:0] = found
            goes_on = not ended and len(inner.inputs) == 1
        else:
            name, goes_on = _activation(operation)
            names[:0] = [] if name is None else [name]
            ended = name is not None and not goes_on
        if not goes_on:
            return names, ended
        tensor = node.arguments.keras_tensors[0]
    return names, False


def _activation(operation: Any) -> tuple[str | None, bool]:
    """The activation of one operation, None if it has none, and whether what lies before it still counts."""
    kind = type(operation).__name__
    if kind in ("TimeDistributed", "SpectralNormalization"):
        return _activation(operation.layer)
    if kind in _PASSING.split():
        return None, True
    if kind in _NAMED.split():
        return _snake(kind), True
    activation = getattr(operation, "activation", None)
    if activation is None:
        return None, False
    name = getattr(activation, "__name__", None) or _snake(type(activation).__name__)
    return str(name), kind == "Activation"


def _snake(name: str) -> str:
    whole = {"ReLU": "relu", "LeakyReLU": "leaky_relu", "PReLU": "prelu", "ELU": "elu"}
    return whole.get(name) or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
