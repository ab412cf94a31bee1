"""Segment level: which events are found within a collar, and how far off the found ones are."""

from __future__ import annotations

from typing import Any

from segmend.core.types import FloatArray, IntArray
from segmend.scoring.collars.pairs import CONDITIONS
from segmend.scoring.collars.shifts import Shifts, spread
from segmend.scoring.collars.tally import CollarTally
from segmend.scoring.readings import Counts, averaged, divide, f1, precision, recall

READINGS = {"precision": precision, "recall": recall, "f1": f1}


def collar_level(tally: CollarTally, *, scale: int = 1, seconds_per_step: float | None = None) -> dict[str, Any]:
    """Scores under each condition, the error rate, and signed errors of onsets and offsets.

    Counts are pooled over classes and recordings; ``macro_f1`` is the mean over classes that are there or predicted.
    ``error_rate`` is that of events that match by both. Errors are predicted minus reference, below 0 early, of the
    pairs that match by both, or by onset where none does: ``matched_by`` says which.

    Args:
        tally: counts of the prediction.
        scale: 1 for fractions, 100 for per cent.
        seconds_per_step: turns errors into seconds; None leaves them in steps.

    Examples:
        >>> import numpy as np
        >>> from segmend.core.labels import Labels
        >>> from segmend.scoring.collars import Collar, collar_tally
        >>> from segmend.scoring.items import Items
        >>> row = lambda *column: np.array(column)
        >>> there, said = (Items(row(0), row(start), row(start + 10), row(1)) for start in (20, 17))
        >>> told = collar_level(collar_tally(there, said, Collar(4), Labels.numbered(2), 1), seconds_per_step=0.1)
        >>> told["both"]["f1"], round(told["onset_error"]["mean"], 3)
        (1.0, -0.3)
    """
    counts = _pooled(tally)
    overall = {name: averaged(reading, counts, "micro") for name, reading in READINGS.items()}
    overall["macro_f1"] = averaged(f1, counts)
    per_class = {name: reading(counts) for name, reading in READINGS.items()}
    rates, unit = _error_rate(counts), 1.0 if seconds_per_step is None else seconds_per_step
    return {
        **_by_condition(overall, scale),
        "error_rate": float(error_rates(tally)[-1]) * scale,
        **_errors(tally.by_both, tally.by_onset, unit),
        "per_class": {
            tally.labels.names[k]: {
                **_by_condition({name: values[:, k] for name, values in per_class.items()}, scale),
                "error_rate": float(rates[-1, k]) * scale,
                **_errors(tally.by_both.of(k), tally.by_onset.of(k), unit),
            }
            for k in tally.labels.foreground
        },
    }


def error_rates(tally: CollarTally) -> FloatArray:
    """sed_eval's error rate under each condition, shape (3,): (insertions + deletions + substitutions) / references.

    NaN without a reference; above 1 where more is wrong than is there.
    """
    counts = Counts(*(column.sum(axis=-1) for column in _pooled(tally)[:3]))
    return _error_rate(counts, tally.substitutions.sum(axis=1))


def _pooled(tally: CollarTally) -> Counts:
    """Counts over all recordings, each of shape (3, classes)."""
    return Counts(*(column.sum(axis=1) for column in tally.counts()[:3]))


def _error_rate(counts: Counts, substitutions: IntArray | int = 0) -> FloatArray:
    """A substitution stands for one insertion and one deletion."""
    return divide(counts.fp + counts.fn - substitutions, counts.tp + counts.fn)


def _by_condition(values: dict[str, FloatArray], scale: int) -> dict[str, Any]:
    return {
        condition: {name: float(each[k]) * scale for name, each in values.items()}
        for k, condition in enumerate(CONDITIONS)
    }


def _errors(both: Shifts, onset: Shifts, unit: float) -> dict[str, Any]:
    shifts, name = (both, "both") if len(both) else (onset, "onset" if len(onset) else None)
    return {
        f"{end}_error": {**spread(getattr(shifts, end), unit)._asdict(), "matched_by": name}
        for end in ("onset", "offset")
    }
