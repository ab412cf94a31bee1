"""A study from its trials to the verdict on the best of them and the files of its folder."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from segmend.artifacts.plan import Plan
from segmend.artifacts.study import Confirmation, StudyTrial
from segmend.core.words import counted
from segmend.errors import InputError
from segmend.pipeline.results.tuned import Tuned
from segmend.pipeline.runs.training import Listener
from segmend.pipeline.trials.loop import Clock
from segmend.pipeline.tuning import journal, recorded
from segmend.pipeline.tuning.picking import grid_size
from segmend.pipeline.tuning.search import CONFIRMING, Search
from segmend.pipeline.tuning.verdict import confirm, tuned_plan, verdict_of
from segmend.pipeline.tuning.working import helpers, work
from segmend.planning.picked import changes, names_of

Tell = Callable[[str], None]


def studied(search: Search, study: Any, out: Path, clock: Clock, listener: Listener, tell: Tell) -> Tuned:
    """Trials until there are enough or the time is up, the verdict on the best, and what is written of it.

    Args:
        search: what is searched.
        study: of Optuna, new or resumed.
        out: its folder.
        clock: of the whole command.
        listener: told what people should know.
        tell: takes a line when a trial begins and ends.

    Raises:
        InputError: not even the planned values could be trained; where no trial is complete, the journal is deleted.
    """
    try:
        _perform(search, study, out, clock.until() - CONFIRMING * search.seconds, listener, tell)
        trials = recorded.trials_of(study)
        planned = recorded.planned_trial(study, trials)
        if planned is None:
            raise _without_planned(search, trials, clock)
    except Exception:
        journal.discard_begun(study, out)
        raise
    finished = sum(trial.state != "failed" for trial in trials)
    if finished < search.goal:
        listener.say(f"the budget held {finished} of {search.goal} trials")
    best = recorded.best_trial(trials)
    confirmation, plan = _decided(search, study, (planned, best), clock, finished, tell)
    verdict = verdict_of(search, planned, best, confirmation, finished)
    seconds = time.monotonic() - clock.began
    handed = search.handed_over(plan, better=plan is not search.plan)
    changed = {key: pair for key, pair in changes(search.plan, plan).items() if key in names_of(handed)}
    record = recorded.record_of(
        search, trials, planned, confirmation, changed=changed, verdict=verdict, seconds=seconds
    )
    recorded.write_study(out, record, handed)
    return Tuned(out, record, handed)


def _without_planned(search: Search, trials: Sequence[StudyTrial], clock: Clock) -> InputError:
    """Why there is no verdict: no time, or the process that trained the planned values is gone."""
    if any(trial.state == "complete" for trial in trials):
        return InputError(
            "tune: expected a training of the planned values, which others are compared with. "
            "Received none that ended (--resume trains them again)"
        )
    return InputError(
        f"budget: expected time to train the planned values, {search.seconds:.3g} s, and as much twice again. "
        f"Received {clock.budget_s:.3g} s"
    )


def _decided(
    search: Search, study: Any, pair: tuple[StudyTrial, StudyTrial], clock: Clock, finished: int, tell: Tell
) -> tuple[Confirmation | None, Plan]:
    """Whether the best is better than the planned values, and the plan that follows."""
    planned, best = pair
    if best.number == planned.number:
        return None, search.plan
    tell(f"trial {best.number} and the planned values are trained again by another seed")
    confirmation = confirm(search, study, planned, best, deadline=clock.until())
    if not confirmation.confirmed:
        return confirmation, search.plan
    return confirmation, tuned_plan(search, best, confirmation, finished)


def _perform(search: Search, study: Any, out: Path, deadline: float, listener: Listener, tell: Tell) -> None:
    """All trials, in this process and in as many others as were asked for."""
    asked = search.asked
    gone = journal.give_up_unfinished(study)
    if gone:
        listener.say(f"{counted(gone, 'trial')} had not ended: marked failed")
    if asked.sampler == "grid":
        size = grid_size(search.space)
        some = "all" if size == search.goal else f"{search.goal} of them, drawn by the seed,"
        listener.say(f"the grid has {size:,} points: {some} are tried")
        journal.enqueue_grid(study, search)
    with helpers(asked, out, search.seconds, deadline) as processes:
        work(search, study, deadline=deadline, tell=tell)
        for process in processes:
            _wait(process, deadline + search.seconds, listener)
    journal.give_up_unfinished(study)  # a worker ended with its trial half done
    work(search, study, deadline=deadline, tell=tell)


def _wait(process: subprocess.Popen[str], until: float, listener: Listener) -> None:
    """Wait for a worker; one that breaks or hangs costs its trial alone."""
    try:
        code: int | None = process.wait(timeout=max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        code = None
    if code != 0:
        listener.warn(f"a worker {'was late' if code is None else f'ended with exit code {code}'}: its trial is lost")
