"""The loop over trials: in this process, and in others on the same journal."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from segmend.core.backend import choose_backend
from segmend.errors import SegmendError
from segmend.pipeline.tuning import journal
from segmend.pipeline.tuning.picking import sampler_of, seed_of
from segmend.pipeline.tuning.search import Asked, Search

Tell = Callable[[str], None]
SURPLUS = "not needed: the others were quicker"


def work(
    search: Search,
    study: Any,
    *,
    deadline: float,
    worker: int = 0,
    tell: Tell = lambda line: None,
    alive: Callable[[], bool] = lambda: True,
) -> None:
    """Perform trials until there are as many as were asked for, or no time for another.

    Args:
        search: what is searched.
        study: of Optuna; other processes may work on it.
        deadline: ``time.monotonic()`` at which the last trial must have ended.
        worker: number of the process.
        tell: takes a line for each trial.
        alive: False once nobody waits for trials any more.
    """
    from optuna.trial import TrialState

    from segmend.pipeline.tuning.performing import perform, picked

    asked = search.asked
    while alive() and deadline - time.monotonic() >= search.seconds and _wanted(study, search):
        # The seed follows from how many have begun: a study that is resumed picks on as if it had not been ended.
        seed = seed_of(asked.seed, worker, _begun(study))
        study.sampler = sampler_of(asked.sampler, seed, asked=asked.trials, workers=asked.workers)
        trial = study.ask()
        if journal.PLANNED not in trial.user_attrs and _counted(study, before=trial.number) >= search.goal:
            trial.set_user_attr(journal.BECAUSE, SURPLUS)
            study.tell(trial, state=TrialState.FAIL)
            continue
        picks = picked(search, trial)
        tell(f"trial {trial.number} began, {_counted(study)} of {search.goal}; {_so_far(study)}")
        perform(search, study, trial, picks, alive)
        tell(f"trial {trial.number}: {_outcome(study, trial.number)}; {_so_far(study)}")


@contextlib.contextmanager
def helpers(asked: Asked, folder: Path, seconds: float, deadline: float) -> Iterator[list[subprocess.Popen[str]]]:
    """All workers but this process, each a process of its own; those still there in the end are stopped."""
    told = {
        "asked": asked.to_dict() if asked.workers > 1 else None,
        "folder": str(folder),
        "seconds": seconds,
        "deadline": time.time() + deadline - time.monotonic(),
        "parent": os.getpid(),
    }
    started = [_start({**told, "worker": number}) for number in range(1, asked.workers)]
    try:
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait()


def _start(told: dict[str, Any]) -> subprocess.Popen[str]:
    environment = {**os.environ, "KERAS_BACKEND": choose_backend()}
    command = [sys.executable, "-m", "segmend.pipeline.tuning.working"]
    # A session of its own: an interruption from the keyboard reaches the process that waits, which stops its workers.
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=environment,
        start_new_session=True,
    )
    assert process.stdin is not None
    with process.stdin as pipe:
        json.dump(told, pipe)
    return process


def help_out(told: dict[str, Any]) -> None:
    """What a worker does with what it was told: the same search, trials on the same journal.

    Args:
        told: "asked", "folder", "seconds" of a trial, "deadline" (seconds since 1970), "parent" and "worker".
    """
    from segmend.pipeline.runs.training import Listener
    from segmend.pipeline.train import prepared

    asked = Asked.from_dict(told["asked"])
    known = prepared(**asked.to_prepare(Listener(warn=lambda line: None)))
    search = Search.of(asked, known, told["seconds"])
    with journal.quiet():
        study = journal.reopen(Path(told["folder"]), asked.pruner)
        deadline = time.monotonic() + told["deadline"] - time.time()
        work(
            search,
            study,
            deadline=deadline,
            worker=told["worker"],
            alive=lambda: os.getppid() == told["parent"],
        )


def _begun(study: Any) -> int:
    """Trials that no longer wait."""
    from optuna.trial import TrialState

    return sum(trial.state != TrialState.WAITING for trial in study.get_trials(deepcopy=False))


def _wanted(study: Any, search: Search) -> bool:
    """Whether a trial is missing: one of as many as were asked for, or that of the planned values."""
    return _counted(study) < search.goal or journal.planned_waits(study)


def _counted(study: Any, before: int | None = None) -> int:
    """Trials that count: finished, or running; with a number below another one where that is given."""
    from optuna.trial import TrialState

    counting = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.RUNNING)
    trials = study.get_trials(deepcopy=False, states=counting)
    return sum(before is None or trial.number < before for trial in trials)


def _outcome(study: Any, number: int) -> str:
    trial = study.get_trials(deepcopy=False)[number]
    took = f" in {trial.user_attrs.get(journal.TOOK, 0):.0f} s"
    because = trial.user_attrs.get(journal.BECAUSE)
    return (f"pruned, {because}" if because else f"{trial.value:.4g}") + took


def _so_far(study: Any) -> str:
    from optuna.trial import TrialState

    done = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    if not done:
        return "none is done yet"
    best = max(done, key=lambda trial: trial.value)
    return f"best {best.value:.4g} by trial {best.number}"


def main() -> int:
    """What a worker's process does; its exit code is that of ``segmend``."""
    choose_backend()
    try:
        help_out(json.load(sys.stdin))
    except SegmendError as error:
        sys.stderr.write(f"segmend: worker: {error}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
