"""Several networks of one kind as one model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from segmend.errors import InputError
from segmend.models.masked_model import MaskedModel


def average(members: Sequence[Any], *, name: str = "average") -> keras.Model:
    """The mean of the members' probabilities, as one model that saves and loads like any other.

    Args:
        members: models of one input shape and one output shape; an average counts as the networks in it.
        name: of the model.

    Returns:
        The member itself where there is one only.

    Raises:
        InputError: there is no member, or shapes differ.

    Source:
        Lakshminarayanan, Pritzel, Blundell 2017, "Simple and scalable predictive uncertainty estimation using deep
        ensembles".

    Examples:
        >>> from segmend.models import tcn
        >>> both = average([tcn([{"kernel": 3}], channels=2, classes=3, filters=4) for _ in range(2)])
        >>> import numpy as np
        >>> both(np.zeros((1, 7, 2))).shape
        (1, 7, 3)
    """
    if not members:
        raise InputError("members: expected at least one model. Received none")
    shapes = {(member.input_shape, member.output_shape) for member in members}
    if len(shapes) > 1:
        raise InputError(f"members: expected one input and one output shape. Received {sorted(map(str, shapes))}")
    if len(members) == 1:
        return members[0]
    networks = [network for member in members for network in _networks(member)]
    for number, network in enumerate(networks, 1):
        network.name = f"member{number}"
    inputs = keras.Input(members[0].input_shape[1:], name="signal")
    outputs = keras.layers.Average(name="probabilities")([network(inputs) for network in networks])
    return MaskedModel(inputs, outputs, name=name)


def _networks(model: keras.Model) -> list[keras.Model]:
    """What was averaged; the model itself where it is no average."""
    if not isinstance(model.layers[-1], keras.layers.Average):
        return [model]
    return [layer for layer in model.layers if isinstance(layer, keras.Model)]
