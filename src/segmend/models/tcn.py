"""A dilated temporal convolutional network with a strided stem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras

from segmend.errors import InputError
from segmend.models.layers import Stage, activate, convolve, layer, probabilities, standardise, upsample


def tcn(
    stages: Sequence[Mapping[str, Any]],
    *,
    channels: int,
    classes: int,
    filters: int = 32,
    dropout: float = 0.0,
    norm: str = "batch",
    detail: bool = True,
    rank: int = 1,
    window: int | None = None,
    bias: Sequence[float] | None = None,
    mean: Sequence[float] | None = None,
    std: Sequence[float] | None = None,
    softmax: bool = True,
    name: str = "tcn",
) -> keras.Model:
    """A dilated convolutional network that gives one label per step.

    Stages that keep resolution and width are residual; a stage with a stride shortens the signal (rounding up), a
    stage with ``up`` lengthens it and joins what the signal was before that stride, so that borders stay sharp. If
    the stages end at a coarser resolution, the network goes back to full resolution by itself. All layers but the
    convolutions see one step at a time, so that overlapping tiles give what one pass gives, provided that tiles begin
    at multiples of the product of strides.

    Args:
        stages: mappings with ``kernel`` and optionally ``dilation``, ``stride``, ``up`` and ``padding``, as
            ``segmend.core.receptive_field.field_of_stages`` reads them.
        channels: channels of the signal.
        classes: number of classes, the background included.
        filters: channels inside.
        dropout: share of channels that are switched off in each residual stage while training.
        norm: "batch", "layer" (over the channels of a step; half as fast on a CPU, but padded steps leave its
            statistics alone) or "none".
        detail: join what the signal was before a stride on the way back. False repeats the coarse steps instead:
            borders are as coarse as they, and nothing flickers within one.
        rank: spatial axes: 1 for signals, 2 for images.
        window: fixed input length along every spatial axis, or None for any.
        bias: how often each class occurs; the untrained model predicts these shares.
        mean: mean of each channel, by which the model standardises its input.
        std: standard deviation of each channel.
        softmax: False leaves the last layer linear.
        name: name of the model.

    Returns:
        A functional model ``(batch, *spatial, channels) -> (batch, *spatial, classes)``; its last layer is called
        "probabilities", or "logits" without softmax.

    Raises:
        InputError: a stage or another argument is not what was expected.

    Source:
        Bai, Kolter, Koltun 2018, "An empirical evaluation of generic convolutional and recurrent networks"; He et al.
        2016, "Identity mappings in deep residual networks", for the order within a stage.

    Examples:
        >>> stages = [{"kernel": 9, "stride": 4}, {"kernel": 3}, {"kernel": 3, "dilation": 2}, {"kernel": 5, "up": 4}]
        >>> model = tcn(stages, channels=2, classes=3, filters=8)
        >>> import numpy as np
        >>> model(np.zeros((1, 50, 2))).shape
        (1, 50, 3)
    """
    inputs = keras.Input((*(window,) * rank, channels), name="signal")
    x = standardise(inputs, mean, std)
    x = _body(x, read_stages(stages, rank), filters=filters, dropout=dropout, norm=norm, detail=detail)
    return keras.Model(inputs, probabilities(x, classes, softmax=softmax, bias=bias), name=name)


def read_stages(stages: Sequence[Mapping[str, Any]], rank: int = 1) -> list[Stage]:
    """Stages as objects, with the one that goes back to full resolution where it was left out.

    Raises:
        InputError: a key or value of a stage is wrong, or the stages go up where they did not go down.

    Examples:
        >>> [stage.up for stage in read_stages([{"kernel": 3, "stride": 4}])]
        [1, 4]
    """
    known = [_stage(number, stage) for number, stage in enumerate(stages)]
    if not known:
        raise InputError("stages: expected at least one stage. Received none")
    if rank > 1 and any(stage.padding == "causal" for stage in known):
        raise InputError(f'stages: expected padding "same" for rank {rank}. Received "causal"')
    scale, levels = 1, [1]
    for number, stage in enumerate(known):
        if stage.up > 1 and (scale % stage.up or scale // stage.up not in levels):
            raise InputError(
                f"stages[{number}]: expected to go up from stride {scale} to one of {levels}. Received up {stage.up}"
            )
        scale = scale * stage.stride // stage.up
        levels.append(scale)
    return known if scale == 1 else [*known, Stage(1, up=scale, padding=known[-1].padding)]


def _stage(number: int, stage: Mapping[str, Any]) -> Stage:
    try:
        return Stage(**stage)
    except TypeError:
        keys = list(Stage.__dataclass_fields__)
        raise InputError(f"stages[{number}]: expected kernel and keys of {keys}. Received {dict(stage)}") from None


def _body(x: Any, stages: Sequence[Stage], *, filters: int, dropout: float, norm: str, detail: bool) -> Any:
    """The stages, one after the other."""
    scale = 1
    before: dict[int, Any] = {}
    for number, stage in enumerate(stages, 1):
        name = f"stage{number}"
        if stage.stride > 1:
            before[scale] = _detail(x, stage, filters, name=name) if detail else x
            scale *= stage.stride
        if stage.up > 1:
            scale //= stage.up
            x = _ascend(x, before[scale], filters, stage, norm, join=detail, name=name)
        elif stage.stride == 1 and x.shape[-1] == filters and number > 1:
            x = _residual(x, stage, dropout=dropout, norm=norm, name=name)
        else:
            x = convolve(x if number == 1 else activate(x, norm, name=name), filters, stage, name=f"{name}_conv")
    return activate(x, norm, name="last")


def _residual(x: Any, stage: Stage, *, dropout: float, norm: str, name: str) -> Any:
    """The input plus what a convolution makes of its normalised positive part."""
    y = activate(x, norm, name=name)
    y = convolve(y, x.shape[-1], stage, name=f"{name}_conv")
    if dropout:
        y = layer("SpatialDropout", len(x.shape) - 2, dropout, name=f"{name}_drop")(y)
    return keras.layers.Add(name=f"{name}_add")([x, y])


def _detail(x: Any, stage: Stage, filters: int, *, name: str) -> Any:
    """What is kept of a resolution before a stride, for the stage that comes back to it."""
    near = Stage(stage.kernel, stage.dilation, padding=stage.padding)
    x = convolve(x, max(filters // 4, 4), near, name=f"{name}_detail")
    return keras.layers.Activation("relu", name=f"{name}_detail_relu")(x)


def _ascend(x: Any, detail: Any, filters: int, stage: Stage, norm: str, *, join: bool, name: str) -> Any:
    """Back to the resolution of ``detail``: narrowed first, since the finer steps are many."""
    x = activate(x, norm, name=name)
    x = convolve(x, max(filters // 2, 4), Stage(1), name=f"{name}_narrow")
    x = upsample(x, stage.up, detail, name=name, join=join)
    flat = Stage(stage.kernel, stage.dilation, padding=stage.padding)
    return convolve(x, max(filters // 2, 4), flat, name=f"{name}_conv")
