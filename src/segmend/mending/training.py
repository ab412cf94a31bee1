"""Which trainings to try: those that findings name, what keeps the user's architecture first."""

from __future__ import annotations

from collections.abc import Sequence

from segmend.artifacts.edits import FOLDS
from segmend.artifacts.finding import DiagnosisRecord
from segmend.artifacts.trial import Outcome, Trial
from segmend.mending.edits import training_edit
from segmend.mending.named import named
from segmend.mending.worth import Stakes

USUAL_SECONDS, LEAST_SECONDS = 15.0, 5.0
"""What each training is to have at least when they are chosen, and below what none begins."""

MOST_FOLDS = 4
"""Networks more than the rebuilt one: with it they are five, each of which lets other groups choose its epoch."""

ON_FOLDS = "-on-folds"
"""What is added to a remedy's name where its network is averaged with others."""


def training_trials(diagnosis: DiagnosisRecord, seconds: float, *, unsafe: bool = False) -> tuple[Trial, ...]:
    """Distinct trainings, in the order in which they are to be tried, as many as the seconds hold.

    A copy of the user's model trained anew comes before a planned one in its place, else the order is that of the
    findings, causes first. What a remedy is expected to bring at most is not asked: that is read off one kind of error,
    and a model that is trained again may mend all of them.

    Args:
        diagnosis: findings with remedies as data.
        seconds: for all trainings together. One that rebuilds keeps its place where not all can be had.
        unsafe: take remedies marked unsafe too.
    """
    wanted = [each.trial for each in named(diagnosis, unsafe=unsafe)]
    tuned = [trial for trial in wanted if _rebuilds(trial) is False]
    rebuilt = [trial for trial in wanted if _rebuilds(trial)]
    held = int(seconds // USUAL_SECONDS) if seconds < USUAL_SECONDS * len(wanted) else len(wanted)
    return (*tuned[: max(held - len(rebuilt[:1]), 0)], *rebuilt)[:held]


def expected_seconds(trial: Trial, outcomes: Sequence[Outcome]) -> float:
    """What a training is expected to take: as long as the longest of its sort, else what each is to have at least.

    Copies of a model make like steps, and so do planned networks; before one of them was timed, it is not asked for
    more than what makes a training worth beginning.

    Args:
        trial: edits that ask for a training.
        outcomes: what was tried so far.
    """
    timed = [
        each.seconds
        for each in outcomes
        if each.failed is None and _by_itself(each.trial) and _rebuilds(each.trial) is _rebuilds(trial)
    ]
    return max(timed, default=USUAL_SECONDS)


def on_folds(outcomes: Sequence[Outcome], stakes: Stakes, seconds: float) -> Trial | None:
    """As many networks more on other folds as the seconds hold, beside the rebuilt one that did best.

    Args:
        outcomes: what was tried so far.
        stakes: what can be gained and what may be spent.
        seconds: that are left; each network is expected to take as long as the rebuilt one.

    Returns:
        None where nothing was rebuilt, where the seconds hold no network more, or where it is not worth them.
    """
    rebuilt = best_rebuilt(outcomes)
    if rebuilt is None:
        return None
    count = min(MOST_FOLDS, int(seconds / max(rebuilt.seconds, LEAST_SECONDS)))
    if count < 1 or not stakes.worth(stakes.most - stakes.best(outcomes), count * rebuilt.seconds):
        return None
    return with_folds(rebuilt.trial, count)


def best_rebuilt(outcomes: Sequence[Outcome]) -> Outcome | None:
    """Of the planned networks, without a decoder and not averaged with others yet, the one that did best."""
    found = [
        (each.inner, -number, each)
        for number, each in enumerate(outcomes)
        if each.inner is not None and _rebuilds(each.trial) and _by_itself(each.trial)
    ]
    return max(found)[2] if found else None


def with_folds(rebuilt: Trial, count: int) -> Trial:
    """The trial that averages a rebuilt network with so many more on other folds."""
    edits = {**rebuilt.edits, FOLDS: count}
    return Trial(name=f"{rebuilt.name}{ON_FOLDS}", edits=edits, because=rebuilt.because)


def _by_itself(trial: Trial) -> bool:
    """Whether nothing is decoded and no network averaged."""
    return not {"decoder", FOLDS} & set(trial.edits)


def _rebuilds(trial: Trial) -> bool | None:
    """Whether a training puts a planned network in the model's place; None of what is no training."""
    edit = training_edit(trial.edits)
    return None if edit is None else edit.rebuild
