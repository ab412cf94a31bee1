"""A copy of anybody's Keras model, with the same layers or nearly so."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import keras
import numpy as np

from segmend.anatomy.graph import graph_of
from segmend.core.words import first_line
from segmend.errors import InputError


def altered(
    model: Any,
    *,
    activation: str | None = None,
    dropout: float | None = None,
    penalised: bool = True,
    fresh: bool = False,
) -> Any:
    """A copy of a model that is not compiled; the model itself stays as it is.

    Args:
        model: a built Keras model; one that is no graph of layers can only be copied as it is, from its config.
        activation: of the layer that makes the output, such as "softmax"; None leaves it.
        dropout: rate of every layer that drops units; None leaves them.
        penalised: False takes L1 and L2 penalties away.
        fresh: weights as they were before any training, but for layers that are not trained (a ``Normalization``
            keeps what it measured); False copies all weights.

    Raises:
        InputError: the model does not say how it is made, or has no output layer with an activation to change.

    Examples:
        >>> model = keras.Sequential([keras.Input((8, 1)), keras.layers.Dense(2, activation="sigmoid")])
        >>> copy = altered(model, activation="softmax")
        >>> copy.layers[-1].activation.__name__, model.layers[-1].activation.__name__
        ('softmax', 'sigmoid')
        >>> bool(np.all(copy.get_weights()[0] == model.get_weights()[0]))
        True
    """
    if graph_of(model) is None:
        if activation is not None or dropout is not None or not penalised:
            raise InputError(
                f"model: expected a graph of layers to change. Received {type(model).__name__}, subclassed"
            )
        copy = _remade(model)
    else:
        last = _output_layer(model) if activation is not None else None

        def again(layer: Any) -> Any:
            config = layer.get_config()
            return type(layer).from_config(
                {
                    **config,
                    **({"activation": activation} if layer is last else {}),
                    **({} if dropout is None else _dropping(layer, config, dropout)),
                    **({} if penalised else {key: None for key in config if key.endswith("_regularizer")}),
                }
            )

        copy = keras.models.clone_model(model, clone_function=again, recursive=True)
    for own, theirs in zip(_leaves(copy), _leaves(model), strict=True):
        if not (fresh and theirs.trainable_weights):
            own.set_weights(theirs.get_weights())
            if hasattr(own, "finalize_state"):  # a Normalization uses what it makes of its weights
                own.finalize_state()
    return copy


def _dropping(layer: Any, config: Mapping[str, Any], rate: float) -> dict[str, float]:
    """The settings by which a layer drops units, at another rate; none where it drops none."""
    if isinstance(layer, keras.layers.Dropout | keras.layers.SpatialDropout1D | keras.layers.SpatialDropout2D):
        return {"rate": rate}
    return {key: rate for key in ("dropout", "recurrent_dropout") if config.get(key)}


def _leaves(model: Any) -> Iterator[Any]:
    """The layers that hold no model, in an order that copies share; a subclassed model is one."""
    if graph_of(model) is None:
        yield model
        return
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _leaves(layer)
        else:
            yield layer


def _output_layer(model: Any) -> Any:
    """The layer that makes the output.

    Raises:
        InputError: it has no activation.
    """
    layer = model.outputs[0]._keras_history.operation
    while isinstance(layer, keras.Model):
        layer = layer.outputs[0]._keras_history.operation
    if getattr(layer, "activation", None) is None:
        raise InputError(f'model: expected an output layer with an activation. Received "{layer.name}" without one')
    return layer


def _remade(model: Any) -> Any:
    """A subclassed model from its config, built by an input of the same shape.

    Raises:
        InputError: it does not say how it is made, or cannot be made so.
    """
    try:
        copy = type(model).from_config(model.get_config())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Keras says of layers that are built by being called
            copy(np.zeros(model.get_build_config()["input_shape"], np.float32))
    except Exception as error:
        said = first_line(error) or type(error).__name__
        raise InputError(
            f"model: expected a model that get_config() can make again. Received {type(model).__name__}: {said}"
        ) from error
    return copy
