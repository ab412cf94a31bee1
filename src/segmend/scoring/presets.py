"""Named conventions: how matches are found, what is averaged over what, and in which unit it is printed."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any, Literal

from segmend.errors import InputError


@dataclass(frozen=True, slots=True)
class Preset:
    """A convention.

    Attributes:
        name: as ``--preset`` spells it.
        matching: "optimal" (most pairs) or "time order" (as published scripts do).
        pooling: "pooled" (counts summed over recordings) or "mean of recordings", for segment F1.
        step_pooling: the same for step accuracy.
        scale: 1 for fractions, 100 for per cent.
        says: one sentence for people.
    """

    name: str
    matching: Literal["optimal", "time order"]
    pooling: Literal["pooled", "mean of recordings"]
    step_pooling: Literal["pooled", "mean of recordings"]
    scale: int
    says: str

    def conventions(self, background: int | None, edit: str | None) -> dict[str, Any]:
        """What the scores say of themselves.

        Args:
            background: class number that is no segment.
            edit: why there is no edit score, None if there is one.
        """
        told: dict[str, Any] = {
            "preset": self.name,
            "background": background,
            "matching": self.matching,
            "pooling": self.pooling,
            **self.step_conventions(),
        }
        return told if edit is None else {**told, "edit": edit}

    def step_conventions(self) -> dict[str, Any]:
        """What the scores of steps say of themselves."""
        return {
            "preset": self.name,
            "step_pooling": self.step_pooling,
            "zero_division": None,
            "unit": "per cent" if self.scale == 100 else "fraction",
        }


SEGMEND = Preset(
    "segmend",
    "optimal",
    "pooled",
    "pooled",
    1,
    "the most one-to-one pairs within a class, counts pooled over classes and recordings",
)
MS_TCN = Preset(
    "ms-tcn",
    "time order",
    "pooled",
    "pooled",
    100,
    "per cent; matching in time order, counts pooled over recordings (Farha and Gall 2019)",
)
LEA = Preset(
    "lea",
    "time order",
    "mean of recordings",
    "mean of recordings",
    100,
    "per cent; matching in time order, each score the mean over recordings (Lea et al. 2017)",
)

PRESETS = {preset.name: preset for preset in (SEGMEND, LEA, MS_TCN)}


def preset_named(name: str) -> Preset:
    """The preset of a name.

    Raises:
        InputError: there is none of that name; the message offers the nearest.
    """
    if name not in PRESETS:
        near = difflib.get_close_matches(name, PRESETS, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        raise InputError(f'preset: expected one of {list(PRESETS)}. Received "{name}"{hint}')
    return PRESETS[name]
