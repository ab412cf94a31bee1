"""Which convention fits which prediction, and the collar it is scored with."""

from __future__ import annotations

from segmend.artifacts.prediction import Prediction
from segmend.scoring.collars import Collar
from segmend.scoring.presets import PSDS, SED_EVAL, Preset
from segmend.scoring.psds import missing

TOLERANCE_S = 0.2
"""Seconds within which ends agree, unless told otherwise: sed_eval's."""

NO_COLLAR = "left out: a collar needs a sampling rate, or a tolerance in steps"


def unfit(preset: Preset, prediction: Prediction, tolerance: float | None = None) -> str | None:
    """Why a prediction cannot be scored by a convention, None if it can."""
    if reason := preset.unfit(prediction.rank, multilabel=prediction.multilabel):
        return reason
    if preset is PSDS:
        return missing(prediction.y_prob, prediction.sampling_rate_hz)
    if preset is SED_EVAL and collar_of(prediction.sampling_rate_hz, tolerance) is None:
        return NO_COLLAR
    return None


def collar_of(rate: float | None, tolerance: float | None, offset_share: float = 0.5) -> Collar | None:
    """The collar in steps; None where neither a rate nor a tolerance is known.

    Args:
        rate: steps per second.
        tolerance: in seconds where there is a rate, else in steps; None is 0.2 s.
        offset_share: share of the reference's length within which offsets may lie.

    Examples:
        >>> collar_of(500.0, None).tolerance, collar_of(None, 12).tolerance, collar_of(None, None)
        (100.0, 12, None)
    """
    if rate is None:
        return None if tolerance is None else Collar(tolerance, offset_share)
    return Collar((TOLERANCE_S if tolerance is None else tolerance) * rate, offset_share)
