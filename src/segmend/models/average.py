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
        members: models of one input shape and one output shape.
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
    for number, member in enumerate(members, 1):
        member.name = f"member{number}"
    inputs = keras.Input(members[0].input_shape[1:], name="signal")
    outputs = keras.layers.Average(name="probabilities")([member(inputs) for member in members])
    return MaskedModel(inputs, outputs, name=name)


def averaged_by(model: Any) -> list[Any]:
    """The members of what ``average`` made; any other model is its own one.

    Examples:
        >>> from segmend.models import tcn
        >>> one, other = (tcn([{"kernel": 3}], channels=2, classes=3, filters=4) for _ in range(2))
        >>> [member.name for member in averaged_by(average([one, other]))], averaged_by(one) == [one]
        (['member1', 'member2'], True)
    """
    last = model.layers[-1] if model.layers else None
    if not isinstance(last, keras.layers.Average):
        return [model]
    return [layer for layer in model.layers if isinstance(layer, keras.Model)]
