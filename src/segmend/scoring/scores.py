"""Scores of a prediction at the three levels."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.artifacts.scores import Scores
from segmend.core.types import FloatArray, IntArray
from segmend.errors import InputError
from segmend.scoring.edit import MOST_CELLS, cells, edit_scores
from segmend.scoring.levels.count import count_level
from segmend.scoring.levels.segment import f1_of_recordings, segment_level
from segmend.scoring.levels.step import accuracies, step_level
from segmend.scoring.matching import in_time_order
from segmend.scoring.meetings import Meeting, meet
from segmend.scoring.overlaps import Overlaps
from segmend.scoring.presets import Preset, preset_named
from segmend.scoring.steps import count_steps
from segmend.scoring.steps.probabilities import judged_steps
from segmend.scoring.tallies import IOU_THRESHOLDS, Tally, matched_at, tally_of


def score(
    prediction: Prediction,
    *,
    preset: str = "segmend",
    edit: bool = True,
    beta: float = 1.0,
    cost: Any = None,
) -> Scores:
    """Score a prediction at the step, segment and count level.

    Args:
        prediction: with ``y_true``; its ``reference`` and ``predicted`` tables, where given, keep touching items of one
            class apart. Where whole recordings have one label there is a step level only, a recording being a step.
        preset: "segmend", "lea" or "ms-tcn"; the latter two give per cent, as the tables that they reproduce do.
        edit: compute the edit score, the one part that is not linear.
        beta: how much more recall weighs than precision in ``f_beta``.
        cost: cost of each pair of true (row) and predicted class, shape (classes, classes), or None.

    Raises:
        InputError: there is no ``y_true``, no preset of that name, or the arrays do not fit.

    Examples:
        >>> from segmend.core.labels import Labels
        >>> truth, said = np.array([0, 1, 1, 1, 1, 0, 2, 2]), np.array([0, 1, 0, 1, 1, 0, 2, 2])
        >>> scores = score(Prediction(names=("a",), labels=Labels.numbered(3), y_true=(truth,), y_pred=(said,)))
        >>> scores["segment"]["f1@50"], scores["count"]["predicted"], scores["segment"]["errors"]["fragmentation"]
        (0.8, 3, 1)
    """
    convention = preset_named(preset)
    if prediction.y_true is None:
        raise InputError("y_true: expected labels to score against. Received None")
    judged = None
    if prediction.y_prob:
        judged = judged_steps(prediction.y_true, prediction.y_prob, multilabel=prediction.multilabel)
    told: dict[str, Any] = {"task": prediction.task.to_dict()}
    if judged is not None and not judged.probable:
        told["calibration"] = NO_PROBABILITIES
    if prediction.rank == 0:
        step = count_steps(prediction.y_true, prediction.y_pred, prediction.labels, multilabel=prediction.multilabel)
        return Scores(
            step=step_level(step, convention, judged, beta=beta, cost=cost),
            segment=None,
            count=None,
            conventions={**convention.step_conventions(), **told},
            by_recording=_rows(prediction.names, {"step_accuracy": accuracies(step) * convention.scale}),
        )
    met = meet(
        prediction.y_true,
        prediction.y_pred,
        prediction.labels,
        multilabel=prediction.multilabel,
        reference=prediction.reference,
        prediction=prediction.predicted,
    )
    tally = tally_of(met, met.kinds(), IOU_THRESHOLDS, match=MATCHINGS[convention.matching])
    missing = _no_edit(met, asked=edit)
    edits = edit_scores(met) if missing is None else None
    return Scores(
        step=step_level(tally.step, convention, judged, beta=beta, cost=cost),
        segment=segment_level(tally, convention, edits),
        count=count_level(tally, prediction.names),
        conventions={**convention.conventions(prediction.labels.background, missing), **told},
        by_recording=_by_recording(prediction.names, tally, convention, edits),
    )


def _in_time_order(same: Overlaps, threshold: int) -> IntArray:
    return np.flatnonzero(in_time_order(same, threshold))


NO_PROBABILITIES = "left out: y_prob holds scores that are no probabilities (from 0 to 1, of sum 1)"

MATCHINGS = {"optimal": matched_at, "time order": _in_time_order}


def _no_edit(met: Meeting, *, asked: bool) -> str | None:
    """Why there is no edit score, None if there is one."""
    if met.line.multilabel:
        return "left out: labels that overlap have no order"
    if not asked:
        return "not asked for"
    work = cells(met)
    if work > MOST_CELLS:
        return (
            f"left out: reference times predicted segments, summed over recordings, is {work:.1e}, "
            f"more than {MOST_CELLS:.0e}"
        )
    return None


def _by_recording(
    names: tuple[str, ...], tally: Tally, preset: Preset, edits: FloatArray | None
) -> dict[str, dict[str, Any]]:
    columns = {"step_accuracy": accuracies(tally.step) * preset.scale}
    for threshold in IOU_THRESHOLDS:
        columns[f"segment_f1@{threshold}"] = f1_of_recordings(tally, threshold) * preset.scale
    columns["edit"] = np.full(len(tally), np.nan) if edits is None else edits * preset.scale
    for name, counts in (("reference", tally.reference), ("predicted", tally.predicted), ("matched", tally.matched)):
        columns[name] = counts.sum(axis=1)
    return _rows(names, columns)


def _rows(names: tuple[str, ...], columns: dict[str, Any]) -> dict[str, dict[str, Any]]:
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return {name: dict(zip(columns, row, strict=True)) for name, row in zip(names, rows, strict=True)}
