"""Architecture and size of the network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Choice
from segmend.planning.check import total_stride
from segmend.planning.reach import FEW_SEGMENTS, FINE, grid_stride, shortest_segment

SMALL, LARGE = 32, 64
ENOUGH_SEGMENTS = 10_000
ENOUGH_SECONDS = 300
MEMBERS = 4
COARSE = 16
"""Input steps per grid step from which on a wide network costs little."""


def choose_architecture(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """The dilated convolutional network: its field can be set to the step."""
    because = "a dilated convolutional network: its field can be fitted to the segments"
    return Choice(value="tcn", because=because, source="default")


def choose_detail(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Whether the fine grid is brought back for borders, or labels keep to the coarse one."""
    stride, _ = grid_stride(facts)
    spans = (shortest_segment(facts) or 1.0) / stride
    if stride > 1 and spans >= FINE:
        because = f"the shortest segments span {spans:.0f} grid steps of {stride}: borders on the grid are sharp enough"
        return Choice(value=False, because=because, source="classes.duration")
    because = f"the shortest segments span {spans:.0f} grid steps of {stride}: borders need the fine grid"
    return Choice(value=True, because=because, source="classes.duration")


def choose_filters(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Wide where a coarse grid makes width cheap, or where there is much to learn from and time to do it."""
    stride = total_stride(chosen["model.stages"])
    if stride >= COARSE:
        because = f"on a grid of {stride} steps a wide network costs little"
        return Choice(value=LARGE, because=because, source="model.stages")
    budget = float(chosen["budget_s"])
    if facts.segments >= ENOUGH_SEGMENTS and budget >= ENOUGH_SECONDS:
        because = f"{facts.segments} segments and {budget:.0f} s carry a wide network"
        return Choice(value=LARGE, because=because, source="segments, budget")
    because = f"{facts.segments} segments in {budget:.0f} s: a narrow network learns faster and overfits less"
    return Choice(value=SMALL, because=because, source="segments, budget")


def choose_members(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Several networks of different seeds where few segments leave much to chance."""
    if facts.segments < FEW_SEGMENTS:
        because = (
            f"{facts.segments} segments leave much to chance: networks of different seeds are averaged, as many as the "
            "budget holds"
        )
        return Choice(value=MEMBERS, because=because, source="segments")
    return Choice(value=1, because=f"{facts.segments} segments settle one network", source="segments")


def choose_dropout(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Whole channels, since neighbouring steps say the same."""
    budget = float(chosen["budget_s"])
    value = 0.2 if budget >= ENOUGH_SECONDS else 0.1
    note = "enough to learn recordings by heart" if value > 0.1 else "for little but learning"
    because = f"whole channels at once; {budget:.0f} s are time {note}"
    return Choice(value=value, because=because, source="budget")


def choose_norm(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Batch normalisation, whose statistics come from many steps on any grid."""
    stride = total_stride(chosen["model.stages"])
    because = (
        f"fixed when predicting, so that tiles agree with one pass; statistics over many steps on a grid of {stride}"
    )
    return Choice(value="batch", because=because, source="default")
