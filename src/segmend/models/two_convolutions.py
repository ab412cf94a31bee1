"""The model that many people start with."""

from __future__ import annotations

from collections.abc import Sequence

import keras

from segmend.models.layers import standardise


def two_convolutions(
    *,
    channels: int,
    classes: int,
    filters: int = 64,
    kernel: int = 3,
    mean: Sequence[float] | None = None,
    std: Sequence[float] | None = None,
) -> keras.Model:
    """Two convolutions and a softmax per step.

    It sees ``2 * kernel - 1`` steps, far less than most segments last, and so labels steps well and counts badly: the
    patient of the demo and of many tests.

    Args:
        channels: channels of the signal.
        classes: number of classes, the background included.
        filters: channels inside.
        kernel: steps that each convolution sees.
        mean: mean of each channel, by which the model standardises its input.
        std: standard deviation of each channel.

    Returns:
        A functional model ``(batch, steps, channels) -> (batch, steps, classes)``.

    Examples:
        >>> two_convolutions(channels=6, classes=7).output_shape
        (None, None, 7)
    """
    inputs = keras.Input((None, channels), name="signal")
    x = standardise(inputs, mean, std)
    for number in (1, 2):
        x = keras.layers.Conv1D(filters, kernel, padding="same", activation="relu", name=f"convolution{number}")(x)
    outputs = keras.layers.Dense(classes, activation="softmax", name="probabilities")(x)
    return keras.Model(inputs, outputs, name="two_convolutions")
