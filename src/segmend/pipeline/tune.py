"""The verb ``tune``: other values for a plan, tried by training and kept where they are better by more than chance."""

from __future__ import annotations

import contextlib
import math
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from segmend.artifacts.plan import Plan
from segmend.core.backend import choose_backend
from segmend.core.dataset import Dataset
from segmend.core.durations import seconds_of
from segmend.core.extras import need
from segmend.core.files import locked, require_free
from segmend.errors import InputError
from segmend.pipeline.results.tuned import Tuned
from segmend.pipeline.runs.training import Listener
from segmend.pipeline.train import prepared
from segmend.pipeline.trials.loop import Clock
from segmend.pipeline.tuning import journal
from segmend.pipeline.tuning.picking import PRUNERS, SAMPLERS
from segmend.pipeline.tuning.search import CONFIRMING, Asked, Search

BUDGET = "30m"
TRIALS = 20
TRIALS_SHARE = 0.95
"""Of the time left after loading, what trials may be planned for."""


def tune(
    data: Dataset | Path | str,
    plan: Plan | Mapping[str, Any] | None = None,
    *,
    out: Path | str,
    trials: int = TRIALS,
    sampler: str = "tpe",
    pruner: str = "median",
    objective: str | None = None,
    keys: Sequence[str] | None = None,
    budget: float | str = BUDGET,
    trial_budget: float | str | None = None,
    seed: int = 0,
    workers: int = 1,
    overwrite: bool = False,
    resume: bool = False,
    overrides: Mapping[str, Any] | None = None,
    annotations: Path | str | None = None,
    labels: Sequence[str] | None = None,
    background: int | str | None = "auto",
    listener: Listener | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> Tuned:
    """Try other values for a plan, each by a training on the role "train" that is judged on "val" alone.

    The first trial has the planned values. A trial trains one network, in as many seconds as every other one. The best
    values and the planned ones are then trained again by another seed; the plan that is returned has the best ones only
    where their gain is larger than chance explains. The parts "test*" of a split are not looked at.

    Args:
        data: a DATA folder or what ``segmend.load`` made of one.
        plan: a plan to begin from, perhaps partial; what it lacks is planned for the seconds of a trial.
        out: the STUDY folder: plan.toml, trials.csv, study.json, journal.log.
        trials: how many to finish, in all calls together.
        sampler: "tpe" (what did well guides what is tried), "random", or "grid" (the options of all keys combined).
        pruner: "median" gives up trials below the median of the others, "none" gives up none.
        objective: what to make large, such as "segment_f1@50 - 0.02*count_mae"; errors that stand alone are made small;
            None is the plan's ``validation.metric``.
        keys: the only ones to tune; None for all that the task takes.
        budget: wall clock of all of this after imports: seconds, or text such as "30m".
        trial_budget: wall clock of each trial; None shares out the budget.
        seed: seed of everything random.
        workers: processes that train at the same time, on one journal; data must then be a folder.
        overwrite: replace a folder that holds files.
        resume: go on with the study in the folder; finished trials are kept.
        overrides: plan values by "section.key", or by key alone where one section has it; they are not tuned.
        annotations: a file to use instead of DATA/annotations.csv.
        labels: class names instead of those in the files.
        background: class number that is no segment, None, or "auto".
        listener: who is told what happens.
        tell: takes a line when a trial begins and ends.

    Returns:
        The study: print it; ``.plan`` trains like any other.

    Raises:
        InputError: the data would falsify a number, a value, key or objective does not fit, the folder holds files or
            another study, another process tunes there, or the seconds of a trial are too few to train.
        MissingDependencyError: Optuna is not installed; the message has the command that brings it.
    """
    _check(trials, sampler, pruner, workers, data, overwrite=overwrite, resume=resume)
    budget_s, each_s = seconds_of(budget), None if trial_budget is None else seconds_of(trial_budget)
    out, listener = Path(out), listener or Listener()
    if not resume:
        require_free(out, overwrite=overwrite)
    need("optuna", "tune", what="tune")
    choose_backend()
    import segmend.pipeline.runs.translate  # noqa: F401 - the clock starts after imports
    from segmend.pipeline.tuning.studying import studied

    started = time.monotonic()
    asked = Asked(
        data=data,
        plan=plan if isinstance(plan, Plan) or plan is None else Plan.from_dict(dict(plan)),
        overrides=dict(overrides or {}),
        keys=None if keys is None else list(keys),
        objective=objective,
        sampler=sampler,
        pruner=pruner,
        trials=trials,
        workers=workers,
        seed=seed,
        reading={"annotations": annotations, "labels": labels, "background": background},
    )
    with journal.quiet(), _held(out, overwrite=overwrite):
        known = prepared(**asked.to_prepare(listener))
        study = journal.resume(out, pruner) if resume else None
        if study is None:
            each_s = each_s or _shared_out(started + budget_s - time.monotonic(), trials, workers)
            search = Search.of(asked, known, each_s)
            if overwrite:
                _empty(out)
            study = journal.begin(out, search)
        else:
            search = Search.of(asked, known, journal.seconds_of_trial(study, each_s, out))
            journal.require_same(study, search, out)
        return studied(search, study, out, Clock(started, budget_s), listener, tell)


@contextlib.contextmanager
def _held(out: Path, *, overwrite: bool) -> Iterator[None]:
    """The folder, for this process alone; one that was not there and stays empty is gone afterwards."""
    if out.is_file():
        if not overwrite:
            raise InputError(f"{out}: expected a folder with a study to resume. Received a file")
        out.unlink()
    new = not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    try:
        with locked(out / journal.LOCK):
            try:
                yield
            finally:
                (out / journal.LOCK).unlink(missing_ok=True)
    finally:
        if new and not any(out.iterdir()):
            out.rmdir()


def _empty(folder: Path) -> None:
    """Delete what a folder holds, but for the lock."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != journal.LOCK:
            path.unlink()


def _shared_out(left: float, trials: int, workers: int) -> float:
    """Seconds of each trial, with three digits."""
    rounds = math.ceil(trials / workers) + CONFIRMING
    return float(f"{max(TRIALS_SHARE * left / rounds, 0.001):.3g}")


def _check(trials: int, sampler: str, pruner: str, workers: int, data: Any, *, overwrite: bool, resume: bool) -> None:
    for name, number in (("trials", trials), ("workers", workers)):
        if number < 1:
            raise InputError(f"{name}: expected a number of at least 1. Received {number}")
    for name, value, known in (("sampler", sampler, SAMPLERS), ("pruner", pruner, PRUNERS)):
        if value not in known:
            raise InputError(f'{name}: expected one of {list(known)}. Received "{value}"')
    if workers > 1 and isinstance(data, Dataset):
        raise InputError(f"workers: expected 1 for a data set in memory: others read a folder. Received {workers}")
    if resume and overwrite:
        raise InputError("resume: expected either to go on or to overwrite. Received both")
