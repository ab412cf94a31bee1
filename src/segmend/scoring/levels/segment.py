"""Segment level: is each segment found, and found once?"""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.core.types import FloatArray, IntArray
from segmend.scoring.kinds import ERRORS, ErrorCounts
from segmend.scoring.levels.pooling import f1_over_recordings
from segmend.scoring.measures import mean_defined
from segmend.scoring.presets import Preset
from segmend.scoring.readings import Counts
from segmend.scoring.tallies import Tally


def segment_level(tally: Tally, preset: Preset, edit: FloatArray | None) -> dict[str, Any]:
    """F1 at the tally's IoU thresholds, the edit score, kinds of error, and each class without the background.

    Args:
        tally: counts of the prediction, with errors.
        preset: how F1 is averaged over recordings.
        edit: edit score of each recording, or None where it was left out.
    """
    pooled = {k: float(_f1(_all_classes(tally.segments(k)), preset)) for k in tally.thresholds}
    by_class = {k: _f1(tally.segments(k), preset) for k in tally.thresholds}
    foreground = list(tally.labels.foreground)
    assert tally.errors is not None
    return {
        **{f"f1@{k}": value for k, value in pooled.items()},
        "macro_f1@50": float(mean_defined(by_class[50][foreground])),
        "edit": float("nan") if edit is None else float(mean_defined(edit)) * preset.scale,
        "per_class": {
            tally.labels.names[k]: {
                **{f"f1@{at}": float(values[k]) for at, values in by_class.items()},
                "errors": _errors(tally.errors, k),
            }
            for k in foreground
        },
        "errors": _errors(tally.errors, slice(None)),
    }


def f1_of_recordings(tally: Tally, threshold: int) -> FloatArray:
    """Segment F1 of each recording over all classes, shape (recordings,)."""
    counts = _all_classes(tally.segments(threshold))
    return f1_over_recordings(Counts(*(column[None] for column in counts[:3])), "pooled")


def _all_classes(counts: Counts) -> Counts:
    return Counts(*(column.sum(axis=1) for column in counts[:3]))


def _f1(counts: Counts, preset: Preset) -> FloatArray:
    return f1_over_recordings(counts, preset.pooling) * preset.scale


def _errors(errors: ErrorCounts, of: int | slice) -> dict[str, int]:
    """Totals of each kind; a substitution stands under the reference's class."""

    def total(column: IntArray) -> int:
        return int(np.sum(column[:, of]))

    return {name: total(getattr(errors, name)) for name in ERRORS if name != "substituting"}
