"""How much of the judged recordings is padding."""

from __future__ import annotations

from dataclasses import dataclass

from segmend.artifacts.chart import Chart

LEAST_STEPS = 5
LEAST_SHARE = 0.05
"""Below 5 % of the steps, what leaks is less than what borders cost anyway."""

MASKING = "keras.layers.Masking(mask_value=0.0)"


@dataclass(frozen=True, slots=True)
class Padding:
    """Padding of the recordings.

    Attributes:
        recordings: how many are padded by 5 steps or more.
        of: how many there are.
        share: of all steps.
        median: steps of padding in a padded recording, the middle one.
        judged: padded steps that carry a label that counts.
    """

    recordings: int
    of: int
    share: float
    median: int
    judged: int


def padding_of(chart: Chart) -> Padding | None:
    """The padding where it matters: of two recordings or more, 5 % of the steps or more; None else or if unknown."""
    padded = chart.targets.get("padded") if chart.targets else None
    if not padded or not chart.targets:
        return None
    long = sorted(steps for steps in padded if steps >= LEAST_STEPS)
    share = sum(padded) / max(1, sum(chart.targets["lengths"]))
    if len(long) < 2 or share < LEAST_SHARE:
        return None
    return Padding(len(long), len(padded), share, long[len(long) // 2], sum(chart.targets.get("padded_judged") or ()))


def is_known_absent(chart: Chart) -> bool:
    """Whether recordings were looked at and hold no padding worth speaking of."""
    known = chart.targets is not None and chart.targets.get("padded") is not None
    return known and padding_of(chart) is None


def makes_masks(chart: Chart) -> bool:
    """Whether some layer of the model tells padded steps from others."""
    layers = chart.anatomy.layers if chart.anatomy else ()
    lost = chart.anatomy.flow.lost_masks if chart.anatomy and chart.anatomy.flow else ()
    return bool(lost) or any(layer.kind == "Masking" for layer in layers)
