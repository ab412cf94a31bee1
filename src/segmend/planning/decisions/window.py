"""How long a training window is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Choice
from segmend.planning.reach import LEAST_GRID_STEPS, band, carries_width, grid_stride, most_window, round_up


def choose_length(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Twice the field that is aimed at, so that half of a window's steps see all they can."""
    stride, _ = grid_stride(facts)
    low, high = band(facts)
    field = high if carries_width(facts) else min(1.5 * low, high)
    wanted = round_up(max(2 * field, LEAST_GRID_STEPS * stride), stride)
    most, limit = most_window(facts)
    if wanted > most:
        because = f"twice the field aimed at would be {wanted} steps; capped by {limit}"
        return Choice(value=most, because=because, source="recordings.steps")
    because = f"twice the field aimed at ({field:.0f} steps), at least {LEAST_GRID_STEPS} grid steps of {stride}"
    return Choice(value=wanted, because=because, source="duration.p95, gap.p50")
