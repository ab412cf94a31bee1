"""Remedies that findings name and that were not tried, each with the reason."""

from __future__ import annotations

import math
from collections.abc import Sequence

from segmend.artifacts.finding import DiagnosisRecord
from segmend.artifacts.trial import Outcome, Untried
from segmend.core.task import Task
from segmend.mending.edits import key
from segmend.mending.training import expected_seconds, training_trials
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
        tried, gain = {key(each.trial.edits) for each in outcomes}, stakes.most - stakes.best(outcomes)
        wanted = training_trials(diagnosis, math.inf, unsafe=unsafe)
        left += [Open(each, gain, expected_seconds(each, outcomes)) for each in wanted if key(each.edits) not in tried]
    return tuple(_reason(each, stakes) for each in left)


def _reason(left: Open, stakes: Stakes) -> Untried:
    return Untried(
        trial=left.trial,
        at_most=max(0.0, left.gain) if math.isfinite(left.gain) else None,
        seconds=left.seconds,
        why="time" if stakes.worth(left.gain, left.seconds) else "gain",
    )
