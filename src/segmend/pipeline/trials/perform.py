"""Performing trials: nested folds, fitted inside, judged outside."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from segmend import decoding
from segmend.artifacts.trial import Outcome, Trial
from segmend.core.task import Task
from segmend.decoding.judge import by_group, judged_part, material
from segmend.decoding.search import search
from segmend.errors import SegmendError
from segmend.mending.edits import decoder_edit
from segmend.pipeline.trials.bench import Bench
from segmend.scoring.bootstrap import paired
from segmend.scoring.objective import COST, Objective, parse
from segmend.scoring.tallies import Tally


@dataclass(frozen=True, slots=True, eq=False)
class Performed:
    """A trial's outcome with what it was read from.

    Attributes:
        outcome: what the certificate shows.
        answers: for every recording: decoded where it was held out, else as it came.
        inner: the objective on the inner folds, one value per fold; NaN where it failed.
    """

    outcome: Outcome
    answers: tuple[Any, ...]
    inner: tuple[float, ...]


def perform(trial: Trial, bench: Bench, *, deadline: float = math.inf) -> Performed:
    """Fit the trial's decoder inside each fold and decode the recordings that the fold holds out.

    Args:
        trial: edits that ask for a decoder.
        bench: what to perform it on.
        deadline: ``time.monotonic()`` at which searches stop with the best setting so far.
    """
    began = time.monotonic()
    answers = list(bench.answers)
    inner: list[float] = []
    try:
        for k, (fit, held) in enumerate(bench.folds.parts):
            left = (deadline - time.monotonic()) / (len(bench.folds.parts) - k)
            value, decoded = _one_fold(trial, bench, fit, held, time.monotonic() + left)
            inner.append(value)
            for number, answer in zip(held, decoded, strict=True):
                answers[number] = answer
    except (SegmendError, ArithmeticError, MemoryError) as error:
        return failed(trial, bench, time.monotonic() - began, f"{type(error).__name__}: {error}")
    outcome = outcome_of(trial, bench, answers, float(np.mean(inner)), time.monotonic() - began)
    return Performed(outcome, tuple(answers), tuple(inner))


def failed(trial: Trial, bench: Bench, seconds: float, why: str) -> Performed:
    """A trial that gave no result: the labels as they came, and why."""
    outcome = outcome_of(trial, bench, None, math.nan, seconds, why)
    return Performed(outcome, bench.answers, (math.nan,) * len(bench.folds.parts))


def splice(performed: Sequence[Performed], bench: Bench, trial: Trial) -> Performed:
    """What selection by inner folds brings: in each fold the answers of whichever trial its inner folds prefer.

    Doing nothing is a candidate too. This is the number without the winner's luck, since no fold's held-out
    recordings had a part in choosing what decoded them.

    Args:
        performed: every trial, in the order it was tried; the earlier, cheaper one wins ties.
        bench: what they were performed on.
        trial: the remedy whose name the outcome carries.
    """
    answers = list(bench.answers)
    values: list[float] = []
    for k, (_, held) in enumerate(bench.folds.parts):
        candidates = [(bench.inner[k], bench.answers), *((one.inner[k], one.answers) for one in performed)]
        value, best = max(candidates, key=lambda pair: -math.inf if math.isnan(pair[0]) else pair[0])
        values.append(value)
        for number in held:
            answers[number] = best[number]
    seconds = sum(one.outcome.seconds for one in performed)
    return Performed(outcome_of(trial, bench, answers, float(np.mean(values)), seconds), tuple(answers), tuple(values))


def outcome_of(
    trial: Trial,
    bench: Bench,
    answers: Sequence[Any] | None,
    inner: float,
    seconds: float,
    failed: str | None = None,
) -> Outcome:
    """The outcome on the recordings that prove; ``answers`` None where the trial failed."""
    held = list(bench.folds.proving)
    before = bench.before.take(held)
    shown = _measured(before, bench)
    if answers is None:
        nothing = dict.fromkeys(shown)
        return Outcome(
            trial=trial, before=shown, after=nothing, change=None, inner=None, seconds=seconds, failed=failed
        )
    after = bench.count(answers).take(held)
    groups = [bench.folds.groups[k] for k in held]
    return Outcome(
        trial=trial,
        before=shown,
        after=_measured(after, bench),
        change=paired(before, after, bench.objective, groups, rng=np.random.default_rng(bench.seed)),
        inner=None if math.isnan(inner) else inner,
        seconds=seconds,
        per_group=_per_group(before, after, bench.objective, groups),
    )


def _one_fold(
    trial: Trial, bench: Bench, fit: Sequence[int], held: Sequence[int], deadline: float
) -> tuple[float, list[Any]]:
    """The inner value of the decoder on the recordings it is fitted on, and the held-out recordings decoded."""
    edit = decoder_edit(trial.edits)
    if edit is None:
        raise SegmendError(f"{trial.name}: expected edits of a decoder. Received {trial.edits}")
    given, part = bench.prediction, bench.part(fit)
    assert given.y_prob is not None
    decoder = decoding.resolve(edit.name, given.task, bench.objective.cost)
    found = search(decoder, **part, setting=edit.setting, deadline=deadline)
    if math.isnan(found.value) and time.monotonic() > deadline:
        raise SegmendError("expected time to judge one setting. Received too small a share: give a larger budget")
    keys = ("task", "y_prob", "y_true", "labels", "groups", "instances")
    prob, true, _ = material(**{key: part[key] for key in keys})
    fitted = decoder.learn(prob, true, given.labels, **found.setting)
    answers: dict[int, Any] = {}
    for own in by_group(held, bench.folds.groups):
        adapted = fitted.adapted([judged_part(given.y_prob[k], bench.truth[k]) for k in own])
        answers |= {k: adapted.decode_judged(given.y_prob[k], bench.truth[k]) for k in own}
    return found.value, [answers[k] for k in held]


def _measures(task: Task, objective: Objective) -> tuple[str, ...]:
    """What the certificate shows beside the objective."""
    if objective.cost is not None and task.labels != "multilabel":
        return (*_usual(task), COST)
    return _usual(task)


def _usual(task: Task) -> tuple[str, ...]:
    if task.kind == "classification":
        return ("step_accuracy", "balanced_accuracy", "macro_f1")
    seen = ("segment_f1@50", "step_accuracy", "count_mae")
    return (*seen, "panoptic_quality") if task.rank > 1 else seen


def _measured(counted: Tally, bench: Bench) -> dict[str, float | None]:
    task = bench.prediction.task
    values = {
        "objective": bench.objective(counted),
        **{name: parse(name, bench.objective.cost)(counted) for name in _measures(task, bench.objective)},
    }
    if task.kind == "segmentation":
        reference = counted.reference.sum()
        values["count_ratio"] = float(counted.predicted.sum() / reference) if reference else math.nan
    return {name: None if math.isnan(value) else value for name, value in values.items()}


def _per_group(
    before: Tally, after: Tally, objective: Objective, groups: Sequence[str]
) -> dict[str, tuple[float | None, float | None]]:
    names = np.array(groups)
    pairs: dict[str, tuple[float | None, float | None]] = {}
    for group in dict.fromkeys(groups):
        values = [objective(side.take(np.flatnonzero(names == group))) for side in (before, after)]
        first, second = (None if math.isnan(value) else value for value in values)
        pairs[group] = (first, second)
    return pairs
