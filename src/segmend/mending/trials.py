"""Which remedy to try next: those that findings name, from the cheapest up, while they are worth their seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from segmend import decoding
from segmend.artifacts.finding import DiagnosisRecord, Expected
from segmend.artifacts.trial import Outcome, Trial
from segmend.core.task import Task
from segmend.mending.edits import cost, decoder_edit, key, training_edit
from segmend.mending.named import named
from segmend.mending.worth import UNKNOWN, Stakes

LEAST = 0.25


class Open(NamedTuple):
    """A remedy that was not tried yet, the most that it can gain beyond the best so far, and the seconds it takes."""

    trial: Trial
    gain: float
    seconds: float


def next_trial(
    diagnosis: DiagnosisRecord,
    outcomes: Sequence[Outcome],
    budget_left_s: float,
    rng: np.random.Generator,
    *,
    stakes: Stakes = UNKNOWN,
    unsafe: bool = False,
    task: Task | None = None,
) -> Trial | None:
    """The cheapest remedy that is named by a finding, was not tried yet, and is worth its seconds.

    Args:
        diagnosis: findings with remedies as data.
        outcomes: what was tried so far.
        budget_left_s: seconds left for trials.
        rng: not used here; the random control, which has the same signature, draws from it.
        stakes: what can be gained and what may be spent. The most that a remedy can gain is what any can bring at most,
            or this one, where its expectation is of this objective too, beyond the best value on inner folds so far.
        unsafe: take remedies marked unsafe too.
        task: what the labels answer; decoders that do not serve it are passed over. None passes over none.

    Returns:
        None when nothing is left to try, or too little time: a search takes what it is given, but less than a part
        (``LEAST``) of what the longest trial took finds nothing.
    """
    if budget_left_s <= LEAST * _longest(outcomes):
        return None
    return next(iter(waiting(diagnosis, outcomes, stakes=stakes, unsafe=unsafe, task=task)), None)


def waiting(
    diagnosis: DiagnosisRecord,
    outcomes: Sequence[Outcome],
    *,
    stakes: Stakes = UNKNOWN,
    unsafe: bool = False,
    task: Task | None = None,
) -> tuple[Trial, ...]:
    """What is left to try and worth it, cheapest first; arguments as for ``next_trial``."""
    left = not_tried(diagnosis, outcomes, stakes=stakes, unsafe=unsafe, task=task)
    return tuple(trial for trial, gain, seconds in left if stakes.worth(gain, seconds))


def not_tried(
    diagnosis: DiagnosisRecord, outcomes: Sequence[Outcome], *, stakes: Stakes, unsafe: bool, task: Task | None
) -> list[Open]:
    """Every decoder that findings name and nobody tried, cheapest first; arguments as for ``next_trial``.

    A decoder is expected to take as long as the longest so far, for they come from the cheapest up.
    """
    tried = {key(outcome.trial.edits) for outcome in outcomes}
    best, seconds = stakes.best(outcomes), _longest(outcomes)
    return [
        Open(trial, most - best, seconds)
        for trial, most in _candidates(diagnosis, stakes, unsafe, task)
        if key(trial.edits) not in tried
    ]


def _longest(outcomes: Sequence[Outcome]) -> float:
    """Seconds of the longest trial of a decoder alone; 0 before there was one."""
    return max((each.seconds for each in outcomes if training_edit(each.trial.edits) is None), default=0.0)


def _candidates(
    diagnosis: DiagnosisRecord, stakes: Stakes, unsafe: bool, task: Task | None
) -> list[tuple[Trial, float]]:
    """Each distinct remedy that decodes and no more, with the most that any finding expects of it, cheapest first."""
    serving = None if task is None else decoding.serving(task)
    found = [
        (each.trial, max(_most(remedy.expected, stakes) for remedy in each.remedies))
        for each in named(diagnosis, unsafe=unsafe)
        if decoder_edit(each.trial.edits) is not None and training_edit(each.trial.edits) is None
        if serving is None or each.trial.edits["decoder"] in serving
    ]
    return sorted(found, key=lambda pair: cost(pair[0].edits))


def _most(expected: Expected | None, stakes: Stakes) -> float:
    """What the remedy can bring at most; what any can, where nobody knows."""
    if expected is None or expected.at_most is None or expected.objective != stakes.objective:
        return stakes.most
    return min(expected.at_most, stakes.most)
