"""Which trainings to try: those that findings name, what keeps the user's architecture first."""

from __future__ import annotations

from segmend.artifacts.finding import DiagnosisRecord
from segmend.artifacts.trial import Trial
from segmend.mending.edits import training_edit
from segmend.mending.named import named

USUAL_SECONDS, LEAST_SECONDS = 15.0, 5.0
"""What each training is to have at least when they are chosen, and below what none begins."""


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
    wanted = [(each.trial, training_edit(each.trial.edits)) for each in named(diagnosis, unsafe=unsafe)]
    tuned = [trial for trial, edit in wanted if edit is not None and not edit.rebuild]
    rebuilt = [trial for trial, edit in wanted if edit is not None and edit.rebuild]
    held = int(seconds // USUAL_SECONDS)
    return (*tuned[: max(held - len(rebuilt[:1]), 0)], *rebuilt)[:held]
