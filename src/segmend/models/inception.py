"""A classifier of recordings by convolutions of several lengths side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from segmend.models.heads import begin, finish
from segmend.models.layers import Stage, activate, convolve, layer, without_some
from segmend.models.masked import MeanOverSteps

BLOCKS_BETWEEN_SHORTCUTS = 3


def inception(
    *,
    channels: int,
    classes: int,
    filters: int = 32,
    kernels: Sequence[int] = (9, 19, 39),
    depth: int = 6,
    dropout: float = 0.0,
    drop_path: float = 0.0,
    norm: str = "layer",
    rank: int = 1,
    window: int | None = None,
    bias: Sequence[float] | None = None,
    mean: Sequence[float] | None = None,
    std: Sequence[float] | None = None,
    multilabel: bool = False,
    logits: bool = False,
    name: str = "inception",
) -> keras.Model:
    """One label (or several) for a whole recording, whatever its length.

    Each block narrows the channels, convolves them by kernels of several lengths and a maximum side by side, and
    normalises; after every third block what came before the three is added. The mean over all steps is classified.

    Args:
        channels: channels of the signal or image.
        classes: number of classes.
        filters: channels of each kernel; a block has as many for each kernel and for the maximum.
        kernels: taps of the convolutions side by side.
        depth: blocks.
        dropout: share of the mean's channels that are switched off while training.
        drop_path: share of recordings that go past the last block by its shortcut while training (stochastic depth); it
            rises evenly with the depth.
        norm: "layer" (over the channels of a step), "batch" or "none".
        rank: spatial axes: 1 for signals, 2 for images (with kernels of 3 to 7 pixels).
        window: fixed input length along every spatial axis, or None for any.
        bias: how often each class occurs; the untrained model predicts these shares.
        mean: mean of each channel, by which the model standardises its input.
        std: standard deviation of each channel.
        multilabel: a probability for each class by itself (sigmoid) instead of one distribution (softmax).
        logits: leave the last layer linear.
        name: name of the model.

    Returns:
        A functional model ``(batch, *spatial, channels) -> (batch, classes)``.

    Raises:
        InputError: an argument is not what was expected.

    Source:
        Ismail Fawaz et al. 2020, "InceptionTime: finding AlexNet for time series classification"; Huang et al. 2016,
        "Deep networks with stochastic depth", for ``drop_path``.

    Examples:
        >>> inception(channels=3, classes=5, filters=4, depth=2).output_shape
        (None, 5)
    """
    inputs, x = begin(channels, rank=rank, window=window, mean=mean, std=std)
    known = [Stage(kernel) for kernel in kernels]
    before = x
    for number in range(1, depth + 1):
        x = activate(_block(x, known, filters, name=f"block{number}"), norm, name=f"block{number}")
        if number % BLOCKS_BETWEEN_SHORTCUTS == 0:
            before = convolve(before, x.shape[-1], Stage(1), name=f"shortcut{number}_conv")
            x = without_some(x, drop_path * number / depth, name=f"shortcut{number}")
            x = keras.layers.Add(name=f"shortcut{number}")([x, before])
            before = x
    x = MeanOverSteps(name="mean_over_steps")(x)
    x = keras.layers.Dropout(dropout, name="dropout")(x) if dropout else x
    return finish(inputs, x, classes, multilabel=multilabel, logits=logits, bias=bias, name=name)


def _block(x: Any, stages: Sequence[Stage], filters: int, *, name: str) -> Any:
    """Convolutions of several lengths and a maximum, side by side."""
    narrow = convolve(x, filters, Stage(1), name=f"{name}_narrow") if x.shape[-1] > 1 else x
    branches = [convolve(narrow, filters, stage, name=f"{name}_conv{k}") for k, stage in enumerate(stages, 1)]
    largest = layer("MaskedMaxPooling", len(x.shape) - 2, 3, name=f"{name}_max")(x)
    branches.append(convolve(largest, filters, Stage(1), name=f"{name}_max_conv"))
    return keras.layers.Concatenate(name=f"{name}_join")(branches)
