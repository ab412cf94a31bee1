"""A classifier of recordings by fixed convolutions and a linear head: a quick and strong baseline."""

from __future__ import annotations

from collections.abc import Sequence

import keras

from segmend.models.heads import begin, finish
from segmend.models.kernel_shares import KernelShares


def rocket(
    *,
    channels: int,
    classes: int,
    depth: int = 6,
    heights: int = 4,
    dropout: float = 0.0,
    window: int | None = None,
    bias: Sequence[float] | None = None,
    mean: Sequence[float] | None = None,
    std: Sequence[float] | None = None,
    multilabel: bool = False,
    logits: bool = False,
    name: str = "rocket",
) -> keras.Model:
    """One label (or several) for a whole recording, from how often fixed convolutions lie above fixed heights.

    Only the last layer is trained, on features that are brought to one scale over the batch. It is there in seconds
    what deep networks take minutes for, and says what a deep network has to beat.

    Args:
        channels: channels of the signal.
        classes: number of classes.
        depth: how many dilations: 1, 2, 4 and so on. Nine taps reach over 8 x 2**(depth - 1) + 1 steps.
        heights: of each convolution; there are 84 x depth x heights features.
        dropout: share of the features that are switched off while training.
        window: fixed input length in steps, or None for any.
        bias: how often each class occurs; the untrained model predicts these shares.
        mean: mean of each channel, by which the model standardises its input.
        std: standard deviation of each channel.
        multilabel: a probability for each class by itself (sigmoid) instead of one distribution (softmax).
        logits: leave the last layer linear.
        name: name of the model.

    Returns:
        A functional model ``(batch, steps, channels) -> (batch, classes)``.

    Raises:
        InputError: an argument is not what was expected.

    Source:
        Dempster et al. 2021, "MiniRocket: A very fast (almost) deterministic transform for time series classification".

    Examples:
        >>> model = rocket(channels=3, classes=5, depth=2)
        >>> model.output_shape, len(model.trainable_variables)
        ((None, 5), 2)
    """
    inputs, x = begin(channels, window=window, mean=mean, std=std)
    x = KernelShares([2**level for level in range(depth)], heights, name="shares")(x)
    x = keras.layers.BatchNormalization(momentum=0.9, center=False, scale=False, name="one_scale")(x)
    x = keras.layers.Dropout(dropout, name="dropout")(x) if dropout else x
    return finish(inputs, x, classes, multilabel=multilabel, logits=logits, bias=bias, name=name)
