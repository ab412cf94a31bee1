"""What trials are performed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.types import IntArray
from segmend.pipeline.trials.folds import Folds, folds_of
from segmend.scoring.objective import Objective
from segmend.scoring.tallies import Tally, tally


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Bench:
    """What trials are performed on: one prediction, its folds, and how good it is as it stands.

    Attributes:
        prediction: with ``y_true`` and ``y_prob``.
        objective: what is maximised.
        folds: who is fitted on and who is held out.
        before: counts of ``y_pred`` as it came, all recordings.
        inner: the objective of ``y_pred`` on the recordings that each fold fits on.
        seed: of the bootstrap.
    """

    prediction: Prediction
    objective: Objective
    folds: Folds
    before: Tally
    inner: tuple[float, ...]
    seed: int


def bench_of(prediction: Prediction, objective: Objective, *, seed: int = 0) -> Bench:
    """Count the prediction as it stands and lay out its folds; ``prediction`` has ``y_true`` and ``y_prob``."""
    folds = folds_of(prediction, seed=seed)
    before = count(prediction, prediction.y_pred, objective)
    inner = tuple(objective(before.take(fit)) for fit, _ in folds.parts)
    return Bench(prediction=prediction, objective=objective, folds=folds, before=before, inner=inner, seed=seed)


def mean_count_mae(bench: Bench) -> float | None:
    """Count MAE of always answering the mean count of the recordings that each fold fits on."""
    counts = bench.before.reference.sum(axis=1)
    errors = [np.abs(counts[list(held)] - counts[list(fit)].mean()) for fit, held in bench.folds.parts if fit]
    return float(np.concatenate(errors).mean()) if errors else None


def count(prediction: Prediction, y_pred: Sequence[IntArray], objective: Objective) -> Tally:
    """Counts of some labels of a prediction's recordings, without kinds of error."""
    assert prediction.y_true is not None
    return tally(
        prediction.y_true,
        y_pred,
        prediction.labels,
        reference=prediction.reference,
        iou_thresholds=objective.thresholds,
        errors=False,
    )
