"""A network from a plan's stages: what dilated networks, their refinements and recurrent networks share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras

from segmend.errors import InputError
from segmend.models.layers import Stage, activate, convolve, layer, upsample, without_some

Layers = Callable[[Any], Any]


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


def stack(
    x: Any,
    stages: Sequence[Stage],
    *,
    filters: int,
    dropout: float = 0.0,
    drop_path: float = 0.0,
    norm: str = "layer",
    detail: bool = True,
    between: Layers | None = None,
    prefix: str = "",
) -> Any:
    """The stages, one after the other, and a last normalisation.

    Args:
        x: ``(batch, *spatial, channels)``.
        stages: as ``read_stages`` gives them.
        filters: channels inside.
        dropout: share of channels switched off in each residual stage while training.
        drop_path: share of recordings that go past the last stage, if it is residual, while training; of those before
            it the share of their place among the stages.
        norm: "batch", "layer" or "none".
        detail: join what the signal was before a stride on the way back.
        between: layers on the coarsest grid, before the first stage that goes up (or at the end, where none does).
        prefix: of the layers' names.
    """
    scale = 1
    before: dict[int, Any] = {}
    for number, stage in enumerate(stages, 1):
        name = f"{prefix}stage{number}"
        if stage.stride > 1:
            before[scale] = _detail(x, stage, filters, name=name) if detail else x
            scale *= stage.stride
        if stage.up > 1:
            x, between = (between(x), None) if between else (x, None)
            scale //= stage.up
            x = _ascend(x, before[scale], filters, stage, norm, join=detail, name=name)
        elif stage.stride == 1 and x.shape[-1] == filters and number > 1:
            x = _residual(x, stage, dropout=dropout, path=drop_path * number / len(stages), norm=norm, name=name)
        else:
            x = convolve(x if number == 1 else activate(x, norm, name=name), filters, stage, name=f"{name}_conv")
    return activate(between(x) if between else x, norm, name=f"{prefix}last")


def _residual(x: Any, stage: Stage, *, dropout: float, path: float, norm: str, name: str) -> Any:
    """The input plus what a convolution makes of its normalised positive part."""
    y = activate(x, norm, name=name)
    y = convolve(y, x.shape[-1], stage, name=f"{name}_conv")
    if dropout:
        y = layer("SpatialDropout", len(x.shape) - 2, dropout, name=f"{name}_drop")(y)
    return keras.layers.Add(name=f"{name}_add")([x, without_some(y, path, name=name)])


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
