"""Whether the best trial is better than the planned values by more than chance, and the plan that follows."""

from __future__ import annotations

import math
import time
from typing import Any

from segmend.artifacts.plan import Choice, Plan
from segmend.artifacts.study import Confirmation, StudyTrial
from segmend.core.words import counted, first_line
from segmend.errors import InputError
from segmend.pipeline.tuning import journal
from segmend.pipeline.tuning.performing import UNDEFINED, best_score
from segmend.pipeline.tuning.search import Search
from segmend.pipeline.tuning.wanted import gained
from segmend.planning.picked import changes
from segmend.training.timing import TooLittleTimeError

NOISE = 1.5
"""The gain must be larger than this times the difference between the two trainings of the planned values. Where nothing
is better and scores are normal, one study in six passes: b - (p + q)/2 > 1.5 |p - q| for b, p and q alike."""

LEAST = 0.002
"""And larger than this share of what the planned values reach."""

WHOLE = 0.9
"""Share of a trial's seconds that a training afterwards must have had to be remembered."""

NO_TIME = "there was no time for it"


def confirm(search: Search, study: Any, planned: StudyTrial, best: StudyTrial, *, deadline: float) -> Confirmation:
    """Train the planned and the best values once more by another seed, unless the journal knows what comes of it.

    A training that fails gives no number and its reason; the next call tries it again.

    Args:
        search: what is searched.
        study: of Optuna, in which the figures are kept as they come, but not those of trainings that were cut short.
        planned: the trial of the planned values.
        best: the trial of the highest objective, another one.
        deadline: ``time.monotonic()`` at which both trainings must have ended.
    """
    seed = search.plan.choices["training"]["seed"].value + 1
    again: dict[int, float] = {int(key): value for key, value in study.user_attrs.get(journal.AGAIN, {}).items()}
    because: list[str] = []
    missing = [(told, trial) for told, trial in (("planned", planned), ("best", best)) if trial.number not in again]
    for place, (told, trial) in enumerate(missing):
        seconds = min(search.seconds, (deadline - time.monotonic()) / (len(missing) - place))
        value, why = _judged(search, trial, seed, seconds)
        if value is None:
            because.append(f"the {told} values trained again gave no number ({why})")
            continue
        again[trial.number] = value
        if seconds >= WHOLE * search.seconds:
            kept = study.user_attrs.get(journal.AGAIN, {})
            study.set_user_attr(journal.AGAIN, {**kept, str(trial.number): value})
    first, second = ((trial.objective, again.get(trial.number)) for trial in (planned, best))
    return weighed(seed, first, second, because="; ".join(because))


def weighed(
    seed: int, planned: tuple[float | None, float | None], best: tuple[float | None, float | None], because: str = ""
) -> Confirmation:
    """What two trainings of the planned and two of the best values say, or why there are not two of each.

    Examples:
        >>> found = weighed(1, planned=(0.80, 0.81), best=(0.90, 0.84))
        >>> found.confirmed, round(found.gain, 3), round(found.needed, 3)
        (True, 0.035, 0.015)
    """
    if None in planned or best[1] is None:
        return Confirmation(
            seed=seed, planned=planned, best=best, gain=None, needed=None, confirmed=False, because=because
        )
    first, second = float(planned[0] or 0.0), float(planned[1] or 0.0)
    gain = best[1] - (first + second) / 2
    needed = max(NOISE * abs(first - second), LEAST * max(abs(first), abs(second)))
    return Confirmation(seed=seed, planned=planned, best=best, gain=gain, needed=needed, confirmed=gain > needed)


def tuned_plan(search: Search, best: StudyTrial, confirmation: Confirmation, trials: int) -> Plan:
    """The plan of the best trial, in which each changed value tells what it brought."""
    assert confirmation.gain is not None
    own = search.plan_of(best.picks)
    others = sum(1 for key in changes(search.plan, own) if key in search.space) - 1
    beside = f", together with {counted(others, 'other change')}" if others else ""
    figures = f"{_pair(confirmation.best)} against {_pair(confirmation.planned)} on validation, by two seeds"
    gain = f"{gained(confirmation.gain, search.objective)} of {search.objective} over the planned values"
    return search.plan_of(best.picks, f"chosen by {counted(trials, 'trial')}: {gain}{beside} ({figures})")


def verdict_of(
    search: Search, planned: StudyTrial, best: StudyTrial, confirmation: Confirmation | None, trials: int
) -> str:
    """One sentence for people."""
    nothing = f"nothing better was found in {counted(trials, 'trial')}"
    if confirmation is None:
        return f"{nothing}: none gave more of {search.objective} than the planned values ({_figure(planned.objective)})"
    figures = (
        f"trial {best.number} gave {_figure(confirmation.best[0])} and, trained again by seed {confirmation.seed}, "
        f"{_figure(confirmation.best[1])}; the planned values {_pair(confirmation.planned)}"
    )
    if confirmation.gain is None or confirmation.needed is None:
        return f"{nothing} and confirmed: {confirmation.because}; {figures}"
    gain = gained(confirmation.gain, search.objective)
    if confirmation.confirmed:
        return f"{gain} of {search.objective} over the planned values: {figures}"
    needed = gained(confirmation.needed, search.objective).lstrip("+")
    return f"{nothing}: {figures}; {gain} of {search.objective} are not more than the {needed} that chance explains"


def _judged(search: Search, trial: StudyTrial, seed: int, seconds: float) -> tuple[float | None, str]:
    """The objective of a trial's values by another seed; None and the reason where there is none."""
    if seconds <= 0:
        return None, NO_TIME
    told = Choice(value=seed, because="another seed", source="tune")
    try:
        plan = search.plan_of(trial.picks)
        seeded = Plan(choices={**plan.choices, "training": {**plan.choices["training"], "seed": told}})
        value = best_score(search.trained(seeded, seconds), "objective")
    except TooLittleTimeError:
        return None, NO_TIME
    except InputError as error:
        return None, first_line(error)
    except Exception as error:  # noqa: BLE001 - no memory, a backend that breaks: the trials are worth a verdict still
        return None, f"{type(error).__name__}: {first_line(error)}"
    return (None, UNDEFINED) if math.isnan(value) else (value, "")


def _pair(figures: tuple[float | None, float | None]) -> str:
    return f"{_figure(figures[0])} and {_figure(figures[1])}"


def _figure(value: float | None) -> str:
    return "no number" if value is None else f"{value:.4g}"
