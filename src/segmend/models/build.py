"""From the model section of a plan to a Keras model."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import keras

from segmend import catalogue
from segmend.errors import InputError


def build(
    section: Mapping[str, Any],
    *,
    channels: int,
    classes: int,
    window: int | None = None,
    bias: Sequence[float] | None = None,
    mean: Sequence[float] | None = None,
    std: Sequence[float] | None = None,
) -> keras.Model:
    """The model that a plan describes.

    Args:
        section: the plan's model section: ``architecture`` (a name in the catalogue) and that architecture's arguments.
        channels: channels of the signal.
        classes: number of classes, the background included.
        window: fixed input length in steps, or None for any.
        bias: how often each class occurs; the untrained model predicts these shares.
        mean: mean of each channel, by which the model standardises its input.
        std: standard deviation of each channel.

    Raises:
        InputError: the architecture is not known, or it takes no such argument.

    Examples:
        >>> section = {"architecture": "tcn", "filters": 8, "stages": [{"kernel": 3}, {"kernel": 3, "dilation": 2}]}
        >>> build(section, channels=2, classes=4).output_shape
        (None, None, 4)
    """
    options = dict(section)
    name = str(options.pop("architecture", "tcn"))
    architecture = catalogue.resolve("models", name)
    known = inspect.signature(architecture).parameters
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise InputError(f'model "{name}": expected arguments among {sorted(known)}. Received "{unknown[0]}"')
    model: keras.Model = architecture(
        **options, channels=channels, classes=classes, window=window, bias=bias, mean=mean, std=std
    )
    return model
