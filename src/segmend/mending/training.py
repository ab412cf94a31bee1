"""Which trainings to try: those that findings name, what keeps the user's architecture first."""

from __future__ import annotations

from segmend.artifacts.finding import DiagnosisRecord, Remedy
from segmend.artifacts.trial import Trial
from segmend.mending.edits import key, training_edit

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
    found: dict[str, Trial] = {}
    for finding in diagnosis.findings:
        for remedy in finding.remedies:
            if _is_wanted(remedy, unsafe):
                known = found.get(key(remedy.edits), Trial(name=remedy.name, edits=remedy.edits))
                because = tuple(dict.fromkeys((*known.because, finding.rule)))
                found[key(remedy.edits)] = known.model_copy(update={"because": because})
    tuned = [trial for trial in found.values() if not _rebuilds(trial)]
    rebuilt = [trial for trial in found.values() if _rebuilds(trial)]
    held = int(seconds // USUAL_SECONDS)
    return (*tuned[: max(held - len(rebuilt[:1]), 0)], *rebuilt)[:held]


def _is_wanted(remedy: Remedy, unsafe: bool) -> bool:
    if remedy.safety == "manual" or (remedy.safety == "unsafe" and not unsafe):
        return False
    return training_edit(remedy.edits) is not None


def _rebuilds(trial: Trial) -> bool:
    edit = training_edit(trial.edits)
    return edit is not None and edit.rebuild
