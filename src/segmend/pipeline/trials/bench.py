"""What trials are performed on."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.decoding.judge import counted
from segmend.decoding.objects import with_objects
from segmend.pipeline.trials.folds import Folds, folds_of
from segmend.scoring.objective import Objective
from segmend.scoring.tallies import Tally


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Bench:
    """What trials are performed on: one prediction, its folds, and how good it is as it stands.

    Attributes:
        prediction: with ``y_true`` and ``y_prob``.
        truth: what is true of each recording, in the form that is counted: labels of steps, ``Regions`` of images.
            A recording with one answer is one step.
        answers: what was answered as it came, likewise; of a recording with one answer as decoders give it.
        objective: what is maximised.
        folds: who is fitted on and who is held out.
        before: counts of the answers that the mend begins from, all recordings.
        inner: the objective of those answers on the recordings that each fold fits on.
        seed: of the bootstrap.
    """

    prediction: Prediction
    truth: tuple[Any, ...]
    answers: tuple[Any, ...]
    objective: Objective
    folds: Folds
    before: Tally
    inner: tuple[float, ...]
    seed: int

    def part(self, index: Sequence[int]) -> dict[str, Any]:
        """Some recordings, as the arguments of ``decoding.fit`` and of searches."""
        given = self.prediction
        assert given.y_prob is not None and given.y_true is not None
        return {
            "y_prob": [given.y_prob[k] for k in index],
            "y_true": [given.y_true[k] for k in index],
            "labels": given.labels,
            "groups": [self.folds.groups[k] for k in index],
            "objective": self.objective,
            "reference": None if given.reference is None else [given.reference[k] for k in index],
            "instances": None if given.instances is None else [given.instances[k] for k in index],
            "task": given.task,
        }

    def count(self, answers: Sequence[Any]) -> Tally:
        """Counts of some answers, without kinds of error."""
        return _count(self.prediction, self.truth, answers, self.objective)

    def with_prediction(self, prediction: Prediction) -> Self:
        """The same recordings as another model sees them; what was before stays."""
        return dataclasses.replace(self, prediction=prediction, answers=_answers(prediction))


def bench_of(prediction: Prediction, objective: Objective, *, seed: int = 0) -> Bench:
    """Count the prediction as it stands and lay out its folds; ``prediction`` has ``y_true`` and ``y_prob``."""
    folds = folds_of(prediction, seed=seed)
    truth, answers = _truth(prediction), _answers(prediction)
    before = _count(prediction, truth, answers, objective)
    return Bench(
        prediction=prediction,
        truth=truth,
        answers=answers,
        objective=objective,
        folds=folds,
        before=before,
        inner=tuple(objective(before.take(fit)) for fit, _ in folds.parts),
        seed=seed,
    )


def mean_count_mae(bench: Bench) -> float | None:
    """Count MAE of always answering the mean count of the recordings that each fold fits on; None without counts."""
    if bench.prediction.task.kind == "classification":
        return None
    counts = bench.before.reference.sum(axis=1)
    errors = [np.abs(counts[list(held)] - counts[list(fit)].mean()) for fit, held in bench.folds.parts if fit]
    return float(np.concatenate(errors).mean()) if errors else None


def _truth(prediction: Prediction) -> tuple[Any, ...]:
    assert prediction.y_true is not None
    if prediction.rank == 0:
        return tuple(np.asarray(label)[None] for label in prediction.y_true)
    return _sides(prediction, prediction.y_true, prediction.instances)


def _answers(prediction: Prediction) -> tuple[Any, ...]:
    return _sides(prediction, prediction.y_pred, prediction.predicted_instances)


def _sides(prediction: Prediction, masks: Sequence[Any], instances: Sequence[Any] | None) -> tuple[Any, ...]:
    if prediction.rank < 2:
        return tuple(masks)
    numbers = instances or [None] * len(masks)
    return tuple(with_objects(mask, own, prediction.labels) for mask, own in zip(masks, numbers, strict=True))


def _count(prediction: Prediction, truth: Sequence[Any], answers: Sequence[Any], objective: Objective) -> Tally:
    if prediction.rank == 0:
        answers = [np.asarray(answer)[None] for answer in answers]
    return counted(objective, truth, answers, prediction.labels, prediction.reference, multilabel=prediction.multilabel)
