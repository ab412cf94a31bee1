"""The remedies that findings name, each once."""

from __future__ import annotations

from typing import NamedTuple

from segmend.artifacts.finding import DiagnosisRecord, Remedy
from segmend.artifacts.trial import Trial
from segmend.mending.edits import key


class Named(NamedTuple):
    """A trial, and the remedies of all findings that ask for its edits."""

    trial: Trial
    remedies: tuple[Remedy, ...]


def named(diagnosis: DiagnosisRecord, *, unsafe: bool = False) -> list[Named]:
    """Each distinct remedy that may be tried with all the rules that name it, in the order of the findings.

    Args:
        diagnosis: findings with remedies as data.
        unsafe: take remedies marked unsafe too.
    """
    allowed = ("safe", "unsafe") if unsafe else ("safe",)
    found: dict[str, Named] = {}
    for finding in diagnosis.findings:
        for remedy in finding.remedies:
            if remedy.safety not in allowed:
                continue
            trial, others = found.get(key(remedy.edits), Named(Trial(name=remedy.name, edits=remedy.edits), ()))
            because = tuple(dict.fromkeys((*trial.because, finding.rule)))
            found[key(remedy.edits)] = Named(trial.model_copy(update={"because": because}), (*others, remedy))
    return list(found.values())
