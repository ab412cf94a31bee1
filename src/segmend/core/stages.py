"""What the stages of a plan see, and how long their output is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from segmend.core.padding import steps_after_conv
from segmend.core.receptive_field import Field


def field_of_stages(stages: Sequence[Mapping[str, Any]]) -> Field:
    """The field of a plan's stages: each repeats its input's steps ``up`` times and then convolves.

    A stage with a stride pads as for a length that the stride divides, whatever the length, so that tiles fit together.

    Args:
        stages: mappings with ``kernel`` and optionally ``dilation``, ``stride``, ``up`` (1) and ``padding`` ("same").

    Example:
        >>> tcn = [{"kernel": 3, "dilation": 2**level} for level in range(6)]
        >>> field_of_stages(tcn).size
        127
        >>> field_of_stages([{"kernel": 4, "stride": 4}, *tcn, {"kernel": 1, "up": 4}]).smallest
        508
    """
    field = Field()
    for stage in stages:
        field = field.upsample(stage.get("up", 1)).conv(steps=stage.get("stride", 1), **_window(stage))
    return field


def steps_out(stages: Sequence[Mapping[str, Any]], steps_in: int) -> int:
    """Output length of a plan's stages.

    Example:
        >>> steps_out([{"kernel": 3, "stride": 4}, {"kernel": 3, "up": 4}], 1001)
        1004
    """
    for stage in stages:
        steps_in = steps_after_conv(steps_in * stage.get("up", 1), **_window(stage))
    return steps_in


def _window(stage: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kernel": stage["kernel"],
        "dilation": stage.get("dilation", 1),
        "stride": stage.get("stride", 1),
        "padding": stage.get("padding", "same"),
    }
