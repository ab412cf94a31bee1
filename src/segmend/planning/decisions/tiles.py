"""How recordings are cut for prediction: tiles that overlap by the receptive field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Choice
from segmend.core.stages import field_of_stages
from segmend.planning.check import total_stride
from segmend.planning.reach import MOST_GRID_STEPS, round_up
from segmend.planning.sides import task_of

MOST_TILE = 512
"""Pixels along the side of a tile."""


def choose_tile(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Long enough that most of a tile is kept, short enough for constant memory and for the recordings at hand."""
    task = task_of(facts)
    if task.kind == "classification":
        return Choice(value=int(chosen["window.length"]), because="the same as a window", source="window.length")
    stages = chosen["model.stages"]
    stride, margin = total_stride(stages), margin_of(stages)
    if task.rank > 1:
        longest = max((max(r.shape) for r in facts.recordings if r.shape), default=0)
        wanted = max(int(chosen["window.length"]), min(longest, MOST_TILE), 3 * margin)
        because = f"holds the largest image ({longest} pixels) or {MOST_TILE} pixels, and 3 margins of {margin}"
        return Choice(value=round_up(wanted, stride), because=because, source="recordings.shape, model.stages")
    longest = max((r.steps for r in facts.recordings), default=0)
    wanted = max(int(chosen["window.length"]), min(longest, MOST_GRID_STEPS * stride), 4 * margin)
    because = (
        f"holds the longest recording ({longest} steps) or {MOST_GRID_STEPS} grid steps, and 4 margins of {margin}"
    )
    return Choice(value=round_up(wanted, stride), because=because, source="recordings.steps, model.stages")


def choose_hop(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """What is left of a tile without the two margins in which the field is cut off."""
    task = task_of(facts)
    if task.kind == "classification":
        length = int(chosen["window.length"])
        value = length if chosen["window.fit"] == "resize" else max(1, length // 2)
        because = (
            f"one tile for each {task.holders[:-1]}" if value == length else "tiles overlap by half, and are averaged"
        )
        return Choice(value=value, because=because, source="window.tile")
    margin = margin_of(chosen["model.stages"])
    stride = total_stride(chosen["model.stages"])
    kept = max(int(chosen["window.tile"]) - 2 * margin, stride)
    unit = task.unit
    because = f"the tile without two margins of {margin} {unit}, half the field: kept {unit} see all that they can"
    return Choice(value=kept, because=because, source="model.stages, window.tile")


def margin_of(stages: list[dict[str, Any]]) -> int:
    """Steps at a tile's end whose field is cut off, rounded up to the grid."""
    field = field_of_stages(stages)
    return round_up(max(-(field.left or 0), field.right or 0), total_stride(stages))
