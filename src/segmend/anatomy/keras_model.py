"""All that can be told of a Keras model without training it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import keras
import numpy as np

from segmend.anatomy import compiled, graph, tail
from segmend.anatomy.effective import widths
from segmend.anatomy.fields import Sighted, sight_outputs
from segmend.anatomy.flows import flow_of
from segmend.anatomy.grain import with_grain
from segmend.anatomy.table import ReceptiveFields
from segmend.anatomy.torch_run import is_torch
from segmend.artifacts.anatomy import Anatomy, LayerFacts, OutputFacts, ReceptiveField
from segmend.errors import InputError

_SETTINGS = (
    "filters kernel_size strides dilation_rate padding pool_size size units rate axis groups return_sequences "
    "go_backwards data_format dropout recurrent_dropout stddev"
)
_PENALTIES = ("kernel_regularizer", "recurrent_regularizer", "activity_regularizer")


def of_keras(model: Any, *, input_shape: Sequence[int | None] | None = None, effective: bool = False) -> Anatomy:
    """The anatomy of a Keras model: nothing is trained, and of the weights' values only the last bias is told.

    The receptive field follows the graph; an operation that is not known, and a model with a ``call`` of its own, are
    probed by NaN in random input. Takes well under a second for 200 layers.

    Args:
        model: Sequential, functional, nested or subclassed; compiled or not.
        input_shape: ``(steps, channels)`` with None where open; for models that do not know it themselves.
        effective: measure the effective receptive field too (a few gradients), and the grain of the output.

    Raises:
        InputError: this is no Keras model.

    Example:
        >>> import keras
        >>> layers = [keras.Input((None, 2)), keras.layers.Conv1D(4, 5, padding="same", activation="softmax")]
        >>> output = of_keras(keras.Sequential(layers)).outputs[0]
        >>> output.activation, output.fields[0].left, output.fields[0].right, output.steps_for[1000]
        ('softmax', -2, 2, 1000)
    """
    if not isinstance(model, keras.Model):
        raise InputError(f"model: expected a Keras model. Received {type(model).__name__}")
    _build(model, input_shape)
    known = _input_shape(model)
    shape = known if known is not None or input_shape is None else tuple(input_shape)
    sighted = sight_outputs(model, shape)
    functional = graph.graph_of(model)
    outputs = [_output(model, functional, number, seen) for number, seen in enumerate(sighted)]
    if effective:
        outputs = with_grain(model, _with_effective(model, shape, outputs))
    return Anatomy(
        framework="keras",
        name=model.name,
        input_shape=_told_shape(known, input_shape),
        outputs=tuple(outputs),
        layers=tuple(_layer(layer) for layer in graph.flat_layers(model)),
        losses=compiled.losses(model, _loss_keys(functional, outputs), [output.shape for output in outputs]),
        metrics=compiled.metrics(model),
        optimizer=compiled.optimizer(model),
        parameters=_count(model.weights),
        trainable_parameters=_count(model.trainable_weights),
        flow=None if functional is None else flow_of(functional),
    )


def receptive_field(
    model: Any, *, effective: bool = True, input_shape: Sequence[int | None] | None = None
) -> ReceptiveFields:
    """The receptive field of every output of a Keras model or a PyTorch module: a dict that prints as a table.

    The field in theory takes under a second for 200 layers, the effective one some gradients, which are compiled first.

    Args:
        model: any Keras model, or a ``torch.nn.Module``, which is run.
        effective: also how many input steps carry 50, 90, 95 and 99 % of the gradient of a central output step.
        input_shape: ``(steps, channels)`` for models that do not know it themselves; for a module the shape of one
            recording as it takes it, such as ``(channels, steps)`` before convolutions.

    Raises:
        InputError: this is no such model, or its field cannot be told; the message says why.

    Example:
        >>> import keras
        >>> conv = [keras.layers.Conv1D(4, 3, dilation_rate=2**k, padding="causal", name=f"conv{k}") for k in range(3)]
        >>> field = receptive_field(keras.Sequential([keras.Input((None, 1)), *conv]), effective=False)["conv2"][0]
        >>> field.left, field.right, field.size
        (-14, 0, 15)
    """
    outputs = _anatomy(model, input_shape, effective=effective).outputs
    for output in outputs:
        if output.unknown:
            raise InputError(f"receptive field of output {output.name}: expected to tell it. Received {output.unknown}")
    return ReceptiveFields({output.name: output.fields for output in outputs})


def _anatomy(model: Any, input_shape: Sequence[int | None] | None, *, effective: bool) -> Anatomy:
    if not is_torch(model):
        return of_keras(model, input_shape=input_shape, effective=effective)
    from segmend.anatomy.torch_model import of_torch

    if input_shape is None or None in input_shape:
        raise InputError(
            "input_shape: expected the shape of a recording as the module takes it, such as (channels, steps). "
            f"Received {input_shape}"
        )
    example = np.zeros((2, *(int(size or 0) for size in input_shape)), np.float32)
    return of_torch(model, example, effective=effective)


def _build(model: Any, shape: Sequence[int | None] | None) -> None:
    """Let a Sequential model that has seen no data make its layers, so that it has a graph."""
    if not shape or not isinstance(model, keras.Sequential) or model.built:
        return
    try:
        model.build((None, *shape))
    except Exception:  # noqa: BLE001 - then it stays as it is, and what is unknown says so
        return


def _told_shape(known: tuple[int | None, ...] | None, given: Sequence[int | None] | None) -> tuple[int | None, ...]:
    """The shape that the model takes; of one that was only tried out, no length is known to be the one."""
    if known is not None or not given:
        return known or ()
    return (*(None for _ in given[:-1]), given[-1])


def _input_shape(model: Any) -> tuple[int | None, ...] | None:
    """The shape of the main input without the batch axis, as far as the model knows."""
    if getattr(model, "inputs", None):
        return max((tuple(tensor.shape[1:]) for tensor in model.inputs), key=len)
    built = getattr(model, "_build_shapes_dict", None) or {}
    shapes = [shape for shape in built.values() if isinstance(shape, tuple | list)]
    return tuple(shapes[0][1:]) if len(shapes) == 1 and None not in shapes[0][2:] else None


def _output(model: Any, functional: Any, number: int, seen: Sighted) -> OutputFacts:
    if functional is None:
        names = tail.of_layers(list(model.layers)) if isinstance(model, keras.Sequential) else ()
        name, shape = seen.name or getattr(model, "name", "output"), seen.shape
    else:
        tensor = functional.outputs[number]
        name, shape = str(functional.output_names[number]), tuple(tensor.shape[1:])
        names = tail.activations(functional, tensor)
    return OutputFacts(
        name=name,
        shape=shape,
        activation=names[-1] if names else None,
        activations=names,
        fields=seen.fields,
        unknown=seen.unknown,
        steps_for=seen.steps_for,
        **({} if functional is None else tail.biases(functional, functional.outputs[number])),
    )


def _with_effective(model: Any, shape: Any, outputs: Sequence[OutputFacts]) -> list[OutputFacts]:
    measured = widths(model, shape, outputs) if shape else [[] for _ in outputs]
    return [
        output.model_copy(update={"fields": tuple(map(_measured, output.fields, shares))}) if shares else output
        for output, shares in zip(outputs, measured, strict=True)
    ]


def _measured(field: ReceptiveField, shares: dict[int, int]) -> ReceptiveField:
    return field.model_copy(update={"effective": shares})


def _loss_keys(functional: Any, outputs: Sequence[OutputFacts]) -> list[tuple[str, ...]]:
    """Names under which a loss may be given for each output."""
    return [(output.name,) for output in outputs] if functional is None else graph.output_names(functional)


def _layer(layer: Any) -> LayerFacts:
    settings = {name: getattr(layer, name, None) for name in _SETTINGS.split()}
    config = {name: _plain(value) for name, value in settings.items() if _plain(value) is not None}
    activation = getattr(getattr(layer, "activation", None), "__name__", None)
    if activation is not None:
        config["activation"] = activation
    penalty = max(_penalties(layer), default=0.0)
    if penalty:
        config["penalty"] = penalty
    return LayerFacts(
        name=layer.name,
        kind=type(layer).__name__,
        parameters=_count(layer.weights),
        config=config,
        non_finite=sum(_non_finite(weight) for weight in layer.weights),
    )


def _non_finite(weight: Any) -> int:
    values = keras.ops.convert_to_numpy(weight)
    return int(np.sum(~np.isfinite(values))) if np.issubdtype(values.dtype, np.floating) else 0


def _penalties(layer: Any) -> Iterator[float]:
    """The factors by which a layer's weights or values are penalised."""
    for name in _PENALTIES:
        penalty = getattr(layer, name, None)
        factors = [_plain(getattr(penalty, norm, None)) for norm in ("l1", "l2")]
        yield from (float(factor) for factor in factors if isinstance(factor, int | float))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool) else None


def _count(weights: Sequence[Any]) -> int:
    return sum(math.prod(weight.shape) for weight in weights)
