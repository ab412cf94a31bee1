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
        own: where its own readings stand among the scores, such as ("segment", "panoptic").
        ranks: spatial axes of what it can be taken of, None for any.
        overlaps: whether it is defined for labels that overlap.
    """

    name: str
    matching: Literal["optimal", "time order"]
    pooling: Literal["pooled", "mean of recordings"]
    step_pooling: Literal["pooled", "mean of recordings"]
    scale: int
    says: str
    own: tuple[tuple[str, ...], ...] = (("segment", "f1@50"),)
    ranks: tuple[int, ...] | None = None
    overlaps: bool = True

    def unfit(self, rank: int, *, multilabel: bool) -> str | None:
        """Why a prediction cannot be scored by this convention, None if it can.

        >>> LEA.unfit(2, multilabel=False)
        'it is a convention of signals (one label per step). Received images'
        """
        if self.ranks is None or (rank in self.ranks and (self.overlaps or not multilabel)):
            return None
        kinds = {0: "labels of whole recordings", 1: "signals", 2: "images"}
        expected = kinds[min(self.ranks)] + ("" if self.overlaps else " (one label per step)")
        received = "labels that overlap" if rank in self.ranks else kinds[min(rank, 2)]
        return f"it is a convention of {expected}. Received {received}"

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
    ranks=(1,),
    overlaps=False,
)
LEA = Preset(
    "lea",
    "time order",
    "mean of recordings",
    "mean of recordings",
    100,
    "per cent; matching in time order, each score the mean over recordings (Lea et al. 2017)",
    ranks=(1,),
    overlaps=False,
)
SED_EVAL = Preset(
    "sed-eval",
    "optimal",
    "pooled",
    "pooled",
    1,
    "events found within a collar by onset and offset, 0.2 s and 50 % unless said otherwise (Mesaros et al. 2016)",
    own=(
        ("segment", "collar", "both", "f1"),
        ("segment", "collar", "both", "macro_f1"),
        ("segment", "collar", "onset", "f1"),
        ("segment", "collar", "error_rate"),
    ),
    ranks=(1,),
)
PSDS = Preset(
    "psds",
    "optimal",
    "pooled",
    "pooled",
    1,
    "beside the house's own scores, the polyphonic sound detection score of both DCASE scenarios (Bilen et al. 2020)",
    own=(("segment", "psds", "dcase-1"), ("segment", "psds", "dcase-2")),
    ranks=(1,),
)
PANOPTIC = Preset(
    "panoptic",
    "optimal",
    "pooled",
    "pooled",
    1,
    "panoptic quality: objects match at IoU > 0.5; pooled over images, mean over classes (Kirillov et al. 2019)",
    own=(("segment", "panoptic", "pq"), ("segment", "panoptic", "sq"), ("segment", "panoptic", "rq")),
    ranks=(2, 3),
)

PRESETS = {preset.name: preset for preset in (SEGMEND, MS_TCN, LEA, SED_EVAL, PSDS, PANOPTIC)}


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
