"""The loop over trials: the mending room asks, the pipeline performs, until nothing is left to try or to spend."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from segmend.artifacts.finding import DiagnosisRecord
from segmend.artifacts.trial import Trial
from segmend.mending import control, trials
from segmend.mending.training import LEAST_SECONDS, expected_seconds, training_trials
from segmend.mending.worth import Stakes
from segmend.pipeline.retraining.workshop import Workshop
from segmend.pipeline.trials.bench import Bench
from segmend.pipeline.trials.on_folds import perform_on_folds
from segmend.pipeline.trials.perform import Performed, perform
from segmend.pipeline.trials.variants import Variant, perform_training

TRIAL_SHARE = 0.4
DECODING_SHARE, TRAINING_SHARE = 0.15, 0.75
CONTROL_SHARE = 0.85
FIT_SHARE = 0.9
"""Parts of the budget after which no trial begins (where there are trainings, none of a decoder and none of a
training), no control begins, and the last fit searches no more."""

DECODERS = 2
"""How many of the best decoders so far are tried on each trained model."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Clock:
    """A budget of wall clock.

    Attributes:
        began: ``time.monotonic()`` at its beginning.
        budget_s: seconds from there.
    """

    began: float
    budget_s: float

    def until(self, share: float = 1.0) -> float:
        """``time.monotonic()`` when a share of the budget is spent."""
        return self.began + share * self.budget_s

    def left(self, share: float = 1.0) -> float:
        """Seconds left of a share of the budget."""
        return self.until(share) - time.monotonic()


def stakes_of(bench: Bench, clock: Clock) -> Stakes:
    """What can be gained on a bench, and what may be spent."""
    return Stakes(objective=bench.objective.text, before=float(np.mean(bench.inner)), budget_s=clock.budget_s)


def run_trials(
    diagnosis: DiagnosisRecord,
    bench: Bench,
    clock: Clock,
    *,
    unsafe: bool = False,
    say: Say | None = None,
    until: float = TRIAL_SHARE,
) -> list[Performed]:
    """Perform what the diagnosis names and is worth it, from the cheapest up, until a share of the budget is spent."""
    rng = np.random.default_rng(bench.seed)
    stakes, task = stakes_of(bench, clock), bench.prediction.task
    done: list[Performed] = []
    while True:
        outcomes = [one.outcome for one in done]
        left = clock.left(until)
        trial = trials.next_trial(diagnosis, outcomes, left, rng, stakes=stakes, unsafe=unsafe, task=task)
        if trial is None:
            return done
        if say:
            say(f"trying {trial.name}")
        share = left / len(trials.waiting(diagnosis, outcomes, stakes=stakes, unsafe=unsafe, task=task))
        done.append(perform(trial, bench, deadline=time.monotonic() + share))


def run_trainings(
    diagnosis: DiagnosisRecord,
    bench: Bench,
    clock: Clock,
    workshop: Workshop,
    done: Sequence[Performed],
    *,
    unsafe: bool = False,
    say: Say | None = None,
) -> list[Variant]:
    """Perform the trainings that the diagnosis names and are worth it, each with the decoders that did best before."""
    decoders = [one.outcome.trial for one in sorted(done, key=_by_inner)[:DECODERS]]
    stakes, outcomes = stakes_of(bench, clock), [one.outcome for one in done]
    waiting = training_trials(diagnosis, clock.left(TRAINING_SHARE), unsafe=unsafe)
    variants: list[Variant] = []
    for number, trial in enumerate(waiting):
        seconds = clock.left(TRAINING_SHARE) / (len(waiting) - number)
        if seconds < LEAST_SECONDS:
            break
        if not stakes.worth(stakes.most - stakes.best(outcomes), expected_seconds(trial, outcomes)):
            continue
        if say:
            say(f"training: {trial.name}")
        variants.append(perform_training(trial, bench, workshop, decoders, seconds=seconds))
        outcomes += [one.outcome for one in variants[-1].performed]
    left = clock.left(TRAINING_SHARE)
    averaged = perform_on_folds(variants, bench, workshop, decoders, stakes, seconds=left, say=say)
    return variants if averaged is None else [*variants, averaged]


def _by_inner(one: Performed) -> float:
    """For sorting, the best first."""
    return math.inf if one.outcome.inner is None else -one.outcome.inner


def run_control(
    bench: Bench,
    clock: Clock,
    seconds: float,
    *,
    workshop: Workshop | None = None,
    variants: Sequence[Variant] = (),
    unsafe: bool = False,
    say: Say | None = None,
) -> list[Performed]:
    """Perform random remedies for as many seconds as the trials took, within the budget.

    Where those are over before any has a value, they go on until one has: without it there is nothing to compare.

    Args:
        bench: what they are performed on.
        clock: the budget.
        seconds: that the trials took.
        workshop: what a copy of the model can be trained with.
        variants: the trainings among the trials; a random one takes as long as they did on average, and none is drawn
            where there was none.
        unsafe: draw remedies marked unsafe too.
        say: told what is being tried.
    """
    rng, task = np.random.default_rng([bench.seed, 1]), bench.prediction.task
    spent = [sum(one.outcome.seconds for one in each.performed) for each in variants]
    training_s = float(np.mean(spent)) if spent else None
    latest = clock.until(CONTROL_SHARE)
    usual = min(time.monotonic() + seconds, latest)
    done: list[Performed] = []
    while True:
        end = latest if all(one.outcome.failed for one in done) else usual
        left = end - time.monotonic()
        outcomes = [one.outcome for one in done]
        trial = control.next_trial(None, outcomes, left, rng, task=task, training_s=training_s, unsafe=unsafe)
        if trial is None:
            return done
        if say:
            say(f"control: random remedy {len(done) + 1} of {control.DRAWS}")
        if "decoder" in trial.edits or workshop is None or training_s is None:
            done.append(perform(trial, bench, deadline=end))
        else:
            decoders = [control.decoder(rng, task)]
            done += perform_training(trial, bench, workshop, decoders, seconds=training_s).performed


def chosen(done: list[Performed], bench: Bench) -> Trial | None:
    """The trial with the best mean over the folds' inner values; None where doing nothing is as good."""
    best = float(np.mean(bench.inner))
    trial = None
    for one in done:
        value = one.outcome.inner
        if value is not None and (value > best or math.isnan(best)):
            best, trial = value, one.outcome.trial
    return trial
