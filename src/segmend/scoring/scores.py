"""Scores of a prediction at the three levels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from segmend.artifacts.prediction import Prediction
from segmend.artifacts.scores import Scores
from segmend.scoring.scored import scored
from segmend.scoring.steps.soft import SoftScores
from segmend.scoring.tallies import IOU_THRESHOLDS


def score(
    prediction: Prediction,
    *,
    preset: str = "segmend",
    edit: bool = True,
    beta: float = 1.0,
    cost: Any = None,
    connectivity: int = 1,
    intervals: bool = False,
    tolerance: float | None = None,
    offset_share: float = 0.5,
    iou_thresholds: Sequence[int] = IOU_THRESHOLDS,
    soft: SoftScores | None = None,
) -> Scores:
    """Score a prediction at the step, segment and count level.

    Args:
        prediction: with ``y_true``; its ``reference`` and ``predicted`` tables, where given, keep touching items of one
            class apart. Where whole recordings have one label there is a step level only, a recording being a step.
        preset: a name in ``presets.PRESETS``; "lea" and "ms-tcn" give per cent, as the tables that they reproduce do.
        edit: compute the edit score, the one part that is not linear.
        beta: how much more recall weighs than precision in ``f_beta``.
        cost: cost of each pair of true (row) and predicted class, shape (classes, classes), or None.
        connectivity: for images, 1 joins pixels that share a side into one object, 2 also those that share a corner.
        tolerance: collar of onsets and offsets, in seconds where the sampling rate is known (then 0.2 unless given),
            else in steps (then there are no collar scores unless it is given).
        offset_share: offsets may also be this share of the reference's length apart.
        iou_thresholds: per cent of IoU at which segments match, for ``f1@k``; 50 is among them always.
        soft: what ``soft_scores`` said of the same truth and probabilities, where several readings of them are scored.
        intervals: give each score its 95 % bootstrap interval over groups (or recordings).

    Raises:
        InputError: there is no ``y_true``, no preset of that name, or the arrays do not fit.

    Examples:
        >>> import numpy as np
        >>> from segmend.core.labels import Labels
        >>> truth, said = np.array([0, 1, 1, 1, 1, 0, 2, 2]), np.array([0, 1, 0, 1, 1, 0, 2, 2])
        >>> scores = score(Prediction(names=("a",), labels=Labels.numbered(3), y_true=(truth,), y_pred=(said,)))
        >>> scores["segment"]["f1@50"], scores["count"]["predicted"], scores["segment"]["errors"]["fragmentation"]
        (0.8, 3, 1)
    """
    run = scored(
        prediction,
        preset=preset,
        edit=edit,
        beta=beta,
        cost=cost,
        connectivity=connectivity,
        tolerance=tolerance,
        offset_share=offset_share,
        iou_thresholds=iou_thresholds,
        soft=soft,
    )
    sure = None
    if intervals:
        from segmend.scoring.uncertainty import intervals as intervals_of

        sure = intervals_of(run, prediction.groups)
    return Scores(**run.levels(), conventions=run.conventions(), by_recording=run.by_recording(), intervals=sure)
