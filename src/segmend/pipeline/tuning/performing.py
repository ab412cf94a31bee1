"""One trial: values picked, a network trained, its validation scores told."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

from segmend.artifacts.history import History
from segmend.core.words import first_line
from segmend.errors import InputError
from segmend.pipeline.tuning import journal
from segmend.pipeline.tuning.search import Search
from segmend.pipeline.tuning.wanted import SCORES
from segmend.planning.space import Pick
from segmend.training.rungs import RUNGS, Rungs
from segmend.training.timing import TooLittleTimeError

UNDEFINED = "the objective was never a number"


def perform(search: Search, study: Any, trial: Any, picks: dict[str, Pick], alive: Callable[[], bool]) -> None:
    """Train with picked values and tell the study what came of it.

    Values that do not fit together, and what a backend cannot train, are pruned with that reason.

    Raises:
        InputError: the planned values cannot be trained in the seconds of a trial, or reach no number.
    """
    from optuna.trial import TrialState

    began, planned = time.monotonic(), bool(trial.user_attrs.get(journal.PLANNED))

    def go_on(best: float, rung: int) -> bool:
        trial.report(best, rung)
        return planned or not trial.should_prune()

    rungs = Rungs(go_on, alive=alive)
    because, value = "", None
    try:
        twin = None if planned else _twin(search, study, trial, picks)
        if twin is not None:
            because = f"the same values as trial {twin}"
        else:
            history = search.trained(search.plan_of(picks), search.seconds, [rungs])
            value = _tell_scores(trial, history, search)
            because = _why(rungs, value)
    except InputError as error:
        if planned:
            raise _refused(study, trial, _too_little(search, error, time.monotonic() - began)) from None
        because = str(error)
    except Exception as error:
        if planned:
            raise
        because = f"{type(error).__name__}: {first_line(error)}"
    if not alive():
        return
    if planned and because:
        told = f'objective: expected a number of "{search.objective}" by the planned values. Received none in any epoch'
        raise _refused(study, trial, InputError(told))
    trial.set_user_attr(journal.BECAUSE, because)
    trial.set_user_attr(journal.TOOK, round(time.monotonic() - began, 3))
    if because:
        study.tell(trial, state=TrialState.PRUNED)
    else:
        study.tell(trial, value)


def picked(search: Search, trial: Any) -> dict[str, Pick]:
    """The values that the sampler picks, or those that wait in the queue."""
    picks: dict[str, Pick] = {}
    for key, tunable in search.space.items():
        if tunable.bounds is None:
            picks[key] = trial.suggest_categorical(key, list(tunable.options))
        else:
            picks[key] = trial.suggest_float(key, *tunable.bounds, log=True)
    return picks


def _twin(search: Search, study: Any, trial: Any, picks: dict[str, Pick]) -> int | None:
    """A trial that has tried these values already."""
    from optuna.trial import TrialState

    own = {key: search.space[key].value(pick) for key, pick in picks.items()}
    for other in study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED)):
        if other.number != trial.number and own == {
            key: search.space[key].value(pick) for key, pick in other.params.items()
        }:
            return int(other.number)
    return None


def best_score(history: History, name: str) -> float:
    """A score at the epoch whose weights were kept; NaN where there is none."""
    column, best = history.columns.get(f"val_{name}"), history.best_epoch
    value = None if column is None or best is None else column[best]
    return math.nan if value is None else value


def _tell_scores(trial: Any, history: History, search: Search) -> float:
    names = SCORES[search.data.task.kind]
    found = {name: best_score(history, name) for name in names}
    trial.set_user_attr(journal.SCORES, {name: None if math.isnan(v) else v for name, v in found.items()})
    return best_score(history, "objective")


def _why(rungs: Rungs, value: float) -> str:
    """Why a training that ended counts for nothing, "" where it counts."""
    if rungs.given_up:
        return (
            f"best {rungs.best:.4g} after {100 * rungs.rung // RUNGS} % of the training, below the median of the others"
        )
    return UNDEFINED if math.isnan(value) else ""


def _refused(study: Any, trial: Any, error: InputError) -> InputError:
    """The error, told of a trial that failed by it."""
    from optuna.trial import TrialState

    trial.set_user_attr(journal.BECAUSE, str(error))
    study.tell(trial, state=TrialState.FAIL)
    return error


def _too_little(search: Search, error: InputError, ready: float) -> InputError:
    if isinstance(error, TooLittleTimeError):
        return InputError(
            f"budget: expected trials longer than the {ready:.0f} s of getting ready (more budget, or fewer trials). "
            f"Received {search.seconds:.3g} s each"
        )
    return error
