"""A small residual classifier of images or recordings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from segmend.models.heads import begin, finish
from segmend.models.layers import Stage, activate, convolve, without_some
from segmend.models.masked import MeanOverSteps


def residual(
    *,
    channels: int,
    classes: int,
    filters: int = 16,
    levels: int = 3,
    blocks: int = 2,
    kernel: int = 3,
    dropout: float = 0.0,
    drop_path: float = 0.0,
    norm: str = "layer",
    rank: int = 2,
    window: int | None = None,
    bias: Sequence[float] | None = None,
    mean: Sequence[float] | None = None,
    std: Sequence[float] | None = None,
    multilabel: bool = False,
    logits: bool = False,
    name: str = "residual",
) -> keras.Model:
    """One label (or several) for a whole image or recording, of any size.

    A convolution, then levels of residual blocks: each level but the first halves the grid and doubles the channels.
    The mean over all steps is classified.

    Args:
        channels: channels of the image or signal.
        classes: number of classes.
        filters: channels of the first level.
        levels: grids, each half as fine as the one before it.
        blocks: residual blocks on each grid, of two convolutions each.
        kernel: taps of the convolutions.
        dropout: share of the mean's channels that are switched off while training.
        drop_path: share of recordings that go past the last block while training (stochastic depth); it rises evenly
            with the depth.
        norm: "layer" (over the channels of a step), "batch" or "none".
        rank: spatial axes: 2 for images, 1 for signals.
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
        He et al. 2016, "Identity mappings in deep residual networks"; Huang et al. 2016, "Deep networks with stochastic
        depth", for ``drop_path``.

    Examples:
        >>> residual(channels=3, classes=4, filters=4, levels=2, blocks=1).output_shape
        (None, 4)
    """
    inputs, x = begin(channels, rank=rank, window=window, mean=mean, std=std)
    x = convolve(x, filters, Stage(kernel), name="stem_conv")
    for level in range(levels):
        for block in range(blocks):
            stride = 2 if level and not block else 1
            path = drop_path * (level * blocks + block + 1) / (levels * blocks)
            x = _block(x, filters * 2**level, kernel, stride, norm, path, name=f"level{level + 1}_block{block + 1}")
    x = MeanOverSteps(name="mean_over_steps")(activate(x, norm, name="last"))
    x = keras.layers.Dropout(dropout, name="dropout")(x) if dropout else x
    return finish(inputs, x, classes, multilabel=multilabel, logits=logits, bias=bias, name=name)


def _block(x: Any, filters: int, kernel: int, stride: int, norm: str, path: float, *, name: str) -> Any:
    """The input plus what two convolutions make of its normalised positive part."""
    y = activate(x, norm, name=f"{name}_first")
    moved = stride > 1 or x.shape[-1] != filters
    shortcut = convolve(y, filters, Stage(1, stride=stride), name=f"{name}_shortcut") if moved else x
    y = convolve(y, filters, Stage(max(kernel, stride), stride=stride), name=f"{name}_conv1")
    y = convolve(activate(y, norm, name=f"{name}_second"), filters, Stage(kernel), name=f"{name}_conv2")
    return keras.layers.Add(name=f"{name}_add")([shortcut, without_some(y, path, name=name)])
