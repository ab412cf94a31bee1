"""A U-Net: down to coarse grids and back, each grid joined with what it was on the way down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras

from segmend.models.heads import begin, finish
from segmend.models.layers import Stage, activate, convolve, layer, upsample
from segmend.models.stages import read_stages


def unet(
    stages: Sequence[Mapping[str, Any]] | None = None,
    *,
    channels: int,
    classes: int,
    filters: int = 16,
    most_filters: int = 256,
    dropout: float = 0.0,
    norm: str = "layer",
    detail: bool = True,
    rank: int = 1,
    window: int | None = None,
    bias: Sequence[float] | None = None,
    mean: Sequence[float] | None = None,
    std: Sequence[float] | None = None,
    multilabel: bool = False,
    logits: bool = False,
    boundary: bool = False,
    name: str = "unet",
) -> keras.Model:
    """A network that sees far by going to coarse grids, and draws sharp borders by what the fine grids kept.

    Each stage is a convolution, a normalisation and a ReLU. A stage with a stride goes down and doubles the channels;
    a stage with ``up`` goes back, joins what that grid was before its stride, and convolves. Any input length goes:
    lengths round up on the way down and are cut on the way back.

    Args:
        stages: mappings with ``kernel`` and optionally ``dilation``, ``stride``, ``up`` and ``padding``; None takes
            ``unet_stages()``, four halvings.
        channels: channels of the signal or image.
        classes: number of classes, the background included.
        filters: channels on the finest grid.
        most_filters: channels that no grid goes beyond.
        dropout: share of channels that are switched off on the coarsest grid while training.
        norm: "layer" (over the channels of a step), "batch" or "none".
        detail: join what each grid was on the way back; False repeats the coarse steps instead.
        rank: spatial axes: 1 for signals, 2 for images.
        window: fixed input length along every spatial axis, or None for any.
        bias: how often each class occurs; the untrained model predicts these shares.
        mean: mean of each channel, by which the model standardises its input.
        std: standard deviation of each channel.
        multilabel: a probability for each class by itself (sigmoid) instead of one distribution (softmax).
        logits: leave the last layer linear.
        boundary: also give the probability that a segment begins at a step, under the key "boundaries" of a dict.
        name: name of the model.

    Returns:
        A functional model ``(batch, *spatial, channels) -> (batch, *spatial, classes)``.

    Raises:
        InputError: a stage or another argument is not what was expected.

    Source:
        Ronneberger, Fischer, Brox 2015, "U-Net: convolutional networks for biomedical image segmentation", with strided
        convolutions in place of max pooling.

    Examples:
        >>> import numpy as np
        >>> model = unet(unet_stages(levels=2), channels=3, classes=2, filters=4, rank=2)
        >>> model(np.zeros((1, 13, 6, 3))).shape
        (1, 13, 6, 2)
    """
    inputs, x = begin(channels, rank=rank, window=window, mean=mean, std=std)
    widths, scale = {1: filters}, 1
    before: dict[int, Any] = {}
    known = read_stages(unet_stages() if stages is None else stages, rank)
    coarsest = max(k for k, stage in enumerate(known) if stage.up == 1)
    for number, stage in enumerate(known):
        title = f"stage{number + 1}"
        if stage.stride > 1:
            before[scale] = x
            width, scale = widths[scale], scale * stage.stride
            widths[scale] = min(2 * width, most_filters)
        if stage.up > 1:
            scale //= stage.up
            x = upsample(x, stage.up, before[scale], name=title, join=detail)
        flat = Stage(stage.kernel, stage.dilation, stage.stride, padding=stage.padding)
        x = activate(convolve(x, widths[scale], flat, name=f"{title}_conv"), norm, name=title)
        if dropout and number == coarsest:
            x = layer("SpatialDropout", rank, dropout, name="dropout")(x)
    return finish(inputs, x, classes, multilabel=multilabel, logits=logits, bias=bias, boundary=boundary, name=name)


def unet_stages(levels: int = 4, *, kernel: int = 3, stride: int = 2, convolutions: int = 2) -> list[dict[str, int]]:
    """The stages of a U-Net, down and back, as a plan writes them.

    Args:
        levels: how often the grid is made coarser.
        kernel: taps of each convolution.
        stride: by how much, each time.
        convolutions: on each grid, the one that goes down or up included.

    Examples:
        >>> from segmend.core.stages import field_of_stages
        >>> unet_stages(levels=1, convolutions=1)
        [{'kernel': 3}, {'kernel': 4, 'stride': 2}, {'kernel': 3, 'up': 2}]
        >>> field_of_stages(unet_stages(levels=4)).size
        185
    """
    plain = [{"kernel": kernel}] * convolutions
    down = [{"kernel": max(kernel, 2 * stride), "stride": stride}, *plain[1:]]
    up = [{"kernel": kernel, "up": stride}, *plain[1:]]
    return [dict(stage) for stage in [*plain, *down * levels, *up * levels]]
