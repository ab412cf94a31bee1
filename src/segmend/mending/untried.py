"""Remedies that findings name and that were not tried, each with the reason."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from segmend.artifacts.edits import FOLDS
from segmend.artifacts.finding import DiagnosisRecord
from segmend.artifacts.trial import Outcome, Untried
from segmend.core.task import Task
from segmend.mending.edits import key
from segmend.mending.training import best_rebuilt, expected_seconds, training_trials, with_folds
from segmend.mending.trials import Open, not_tried
from segmend.mending.worth import Stakes


def untried(
    diagnosis: DiagnosisRecord,
    outcomes: Sequence[Outcome],
    *,
    stakes: Stakes,
    unsafe: bool = False,
    task: Task | None = None,
    trains: bool = False,
) -> tuple[Untried, ...]:
    """What was left out when all was over, decoders first.

    Args:
        diagnosis: findings with remedies as data.
        outcomes: all that was tried.
        stakes: what could be gained and what could be spent.
        unsafe: whether remedies marked unsafe were to be taken.
        task: what the labels answer.
        trains: whether the model could be trained again.
    """
    left = not_tried(diagnosis, outcomes, stakes=stakes, unsafe=unsafe, task=task)
    if trains:
        left += _trainings(diagnosis, outcomes, stakes.most - stakes.best(outcomes), unsafe)
    return tuple(_reason(each, stakes) for each in left)


def _trainings(diagnosis: DiagnosisRecord, outcomes: Sequence[Outcome], gain: float, unsafe: bool) -> Iterator[Open]:
    """Trainings that were not tried, and networks on other folds where one was rebuilt and averaged with none."""
    tried = {key(each.trial.edits) for each in outcomes}
    for trial in training_trials(diagnosis, math.inf, unsafe=unsafe):
        if key(trial.edits) not in tried:
            yield Open(trial, gain, expected_seconds(trial, outcomes))
    rebuilt = best_rebuilt(outcomes)
    if rebuilt is not None and not any(FOLDS in each.trial.edits for each in outcomes):
        yield Open(with_folds(rebuilt.trial, 1), gain, rebuilt.seconds)


def _reason(left: Open, stakes: Stakes) -> Untried:
    return Untried(
        trial=left.trial,
        gain=max(0.0, left.gain) if math.isfinite(left.gain) else None,
        seconds=left.seconds,
        why="time" if stakes.worth(left.gain, left.seconds) else "gain",
    )
