"""Which remedy to try next: those that findings name, from the cheapest up."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from segmend import decoding
from segmend.artifacts.finding import DiagnosisRecord, Expected
from segmend.artifacts.trial import Outcome, Trial
from segmend.core.task import Task
from segmend.mending.edits import cost, decoder_edit, key, training_edit
from segmend.mending.named import named
from segmend.scoring.objective import parse

LEAST = 0.25


def next_trial(
    diagnosis: DiagnosisRecord,
    outcomes: Sequence[Outcome],
    budget_left_s: float,
    rng: np.random.Generator,
    *,
    objective: str = "segment_f1@50",
    unsafe: bool = False,
    task: Task | None = None,
) -> Trial | None:
    """The cheapest remedy that is named by a finding, was not tried yet, and can still gain something.

    Args:
        diagnosis: findings with remedies as data.
        outcomes: what was tried so far.
        budget_left_s: seconds left for trials.
        rng: not used here; the random control, which has the same signature, draws from it.
        objective: what is maximised. A remedy is passed over once the best value on inner folds has reached what any
            can bring at most, or this one, where its expectation is of this objective too.
        unsafe: take remedies marked unsafe too.
        task: what the labels answer; decoders that do not serve it are passed over. None passes over none.

    Returns:
        None when nothing is left to try, or too little time: a search takes what it is given, but less than a part
        (``LEAST``) of what the longest trial took finds nothing.
    """
    if budget_left_s <= LEAST * max((outcome.seconds for outcome in outcomes), default=0.0):
        return None
    return next(iter(waiting(diagnosis, outcomes, objective=objective, unsafe=unsafe, task=task)), None)


def waiting(
    diagnosis: DiagnosisRecord,
    outcomes: Sequence[Outcome],
    *,
    objective: str = "segment_f1@50",
    unsafe: bool = False,
    task: Task | None = None,
) -> tuple[Trial, ...]:
    """What is left to try, cheapest first; arguments as for ``next_trial``."""
    tried = {key(outcome.trial.edits) for outcome in outcomes}
    best = max((outcome.inner for outcome in outcomes if outcome.inner is not None), default=-math.inf)
    return tuple(
        trial
        for trial, most in _candidates(diagnosis, objective, unsafe, task)
        if key(trial.edits) not in tried and most > best
    )


def _candidates(
    diagnosis: DiagnosisRecord, objective: str, unsafe: bool, task: Task | None
) -> list[tuple[Trial, float]]:
    """Each distinct remedy that decodes and no more, with the most that any finding expects of it, cheapest first."""
    serving = None if task is None else decoding.serving(task)
    found = [
        (each.trial, max(_most(remedy.expected, objective) for remedy in each.remedies))
        for each in named(diagnosis, unsafe=unsafe)
        if decoder_edit(each.trial.edits) is not None and training_edit(each.trial.edits) is None
        if serving is None or each.trial.edits["decoder"] in serving
    ]
    return sorted(found, key=lambda pair: cost(pair[0].edits))


def _most(expected: Expected | None, objective: str) -> float:
    """What the remedy can bring at most; what any can, where nobody knows."""
    highest = parse(objective).most
    if expected is None or expected.at_most is None or expected.objective != objective:
        return highest
    return min(expected.at_most, highest)
