"""The journal of a study: trials that outlive the process that ran them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from segmend.errors import InputError
from segmend.pipeline.tuning.picking import grid_points, pruner_of
from segmend.pipeline.tuning.search import Search

JOURNAL, LOCK = "journal.log", "lock"
NAME = "tune"
BEGUN_WITH, SECONDS, ENQUEUED, AGAIN = "begun_with", "seconds_each", "enqueued", "again"
PLANNED, RETRIED, BECAUSE, SCORES, TOOK = "planned", "retried", "because", "scores", "seconds"

WORDS = {
    "data": "the data it was begun with (the same recordings, annotations and split, which --seed decides)",
    "plan": "the values it was begun with (--plan, --set and --seed)",
    "keys": "the keys it was begun with",
    "objective": "the objective it was begun with",
}


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Optuna says nothing of its own on stderr."""
    from optuna import logging

    before = logging.get_verbosity()
    logging.set_verbosity(logging.ERROR)
    try:
        yield
    finally:
        logging.set_verbosity(before)


def reopen(folder: Path, pruner: str) -> Any:
    """The study of a folder, for one more process."""
    import optuna

    return optuna.load_study(study_name=NAME, storage=_storage(folder), pruner=pruner_of(pruner))


def resume(folder: Path, pruner: str) -> Any | None:
    """The study of a folder that this process holds; None where nothing was written of it yet.

    Raises:
        InputError: the folder holds files but no study.
    """
    path = folder / JOURNAL
    if not path.is_file():
        if folder.is_dir() and any(each.name != LOCK for each in folder.iterdir()):
            raise InputError(f"{folder}: expected a study with {JOURNAL} to resume. Received other files")
        return None
    _whole_lines(path)
    try:
        study = reopen(folder, pruner)
    except KeyError:
        return None
    return study if BEGUN_WITH in study.user_attrs else None


def begin(folder: Path, search: Search) -> Any:
    """A new study whose first trial has the planned values."""
    import optuna

    folder.mkdir(parents=True, exist_ok=True)
    (folder / JOURNAL).unlink(missing_ok=True)
    study = optuna.create_study(
        study_name=NAME, storage=_storage(folder), direction="maximize", pruner=pruner_of(search.asked.pruner)
    )
    study.set_user_attr(SECONDS, search.seconds)
    planned = {key: tunable.planned for key, tunable in search.space.items()}
    study.enqueue_trial(planned, user_attrs={PLANNED: True})
    study.set_user_attr(ENQUEUED, 1)
    study.set_user_attr(BEGUN_WITH, search.identity())
    return study


def require_same(study: Any, search: Search, folder: Path) -> None:
    """Refuse a study whose trials cannot be compared with new ones.

    Raises:
        InputError: it is of other data, values, keys or another objective.
    """
    begun, now = study.user_attrs[BEGUN_WITH], search.identity()
    for key in ("data", "keys", "objective", "plan"):
        if begun[key] != now[key]:
            told = {"keys": f": {sorted(now['keys'])}", "objective": f': "{now["objective"]}"'}.get(key, "")
            raise InputError(f"{folder}: expected {WORDS[key]} to resume. Received others{told}")


def seconds_of_trial(study: Any, asked: float | None, folder: Path) -> float:
    """The seconds of each trial of a study.

    Raises:
        InputError: others were asked for.
    """
    seconds: float = study.user_attrs[SECONDS]
    if asked not in (None, seconds):
        raise InputError(
            f"{folder}: expected the seconds of a trial that it was begun with ({seconds:g}) to resume. "
            f"Received {asked:g}"
        )
    return seconds


def give_up_unfinished(study: Any) -> int:
    """Mark trials failed whose process is gone, and put their values back into the queue, once.

    The planned values are put back whenever they failed: all others are compared with them.

    Returns:
        How many there were.
    """
    from optuna.trial import TrialState

    running = study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
    for trial in running:
        study.tell(trial.number, state=TrialState.FAIL)
        again = PLANNED in trial.user_attrs or RETRIED in trial.user_attrs
        if trial.params and not again:
            study.enqueue_trial(trial.params, user_attrs={RETRIED: trial.number})
    own = [trial for trial in study.get_trials(deepcopy=False) if PLANNED in trial.user_attrs]
    if all(trial.state == TrialState.FAIL for trial in own):
        picks = own[-1].system_attrs["fixed_params"]
        study.enqueue_trial(picks, user_attrs={PLANNED: True, RETRIED: own[-1].number})
    return len(running)


def planned_waits(study: Any) -> bool:
    """Whether the planned values are in the queue."""
    from optuna.trial import TrialState

    waiting = study.get_trials(deepcopy=False, states=(TrialState.WAITING,))
    return any(PLANNED in trial.user_attrs for trial in waiting)


def discard_begun(study: Any, folder: Path) -> None:
    """Delete the journal of a study in which no trial is complete: there is nothing to go on from."""
    from optuna.trial import TrialState

    if not study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,)):
        for path in folder.glob(f"{JOURNAL}*"):
            path.unlink()


def enqueue_grid(study: Any, search: Search) -> None:
    """Put the points of the grid into the queue that are not in it yet."""
    there = int(study.user_attrs[ENQUEUED])
    for picks in grid_points(search.space, search.goal, search.asked.seed)[there:]:
        study.enqueue_trial(picks)
    study.set_user_attr(ENQUEUED, max(there, search.goal))


def _storage(folder: Path) -> Any:
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    # Its lock is a link, which needs the whole path to be followed.
    return JournalStorage(JournalFileBackend(str(folder.resolve() / JOURNAL)))


def _whole_lines(path: Path) -> None:
    """Cut off what a killed process left of a line: the next one would be written behind it."""
    with path.open("rb+") as file:
        content = file.read()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.truncate(path, whole)
