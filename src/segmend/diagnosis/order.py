"""Which finding stands first: causes before what they explain, and the cause that explains most before the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from segmend.artifacts.finding import Finding, Severity
from segmend.diagnosis.rule import Rule

_ORDER = list(Severity)


class Weight(NamedTuple):
    """By what findings are sorted, the least first.

    Attributes:
        gravest: severity of the gravest finding that this one explains, or its own.
        condition: whether healthy models live with it too.
        symptom: whether predictions show it, and not data, model or training.
        explained: findings of how many rules it explains, itself or through others, negative: one cause of many faults
            is likelier than many causes of one each.
        severity: its own.
        gain: what repairing it brings, negative.
    """

    gravest: int
    condition: bool
    symptom: bool
    explained: int
    severity: int
    gain: float


def rank(findings: Sequence[Finding], rules: Mapping[str, Rule]) -> tuple[Finding, ...]:
    """The findings with ``explained_by`` filled, in the order in which a person should read them.

    Each finding stands after its causes. Beyond that, findings go by the gravest fault that they explain, faults before
    conditions, those of data, model and training before those of predictions, by how much they explain, by their own
    severity, and by what repairing them would gain. A finding that is for information weighs as such, whatever it may
    explain.

    Args:
        findings: as the rules gave them.
        rules: the rules that gave them, by name.
    """
    numbers = range(len(findings))
    causes = [[k for k in numbers if rules[findings[k].rule].causes(findings[k], findings[n])] for n in numbers]
    weights = [
        _weight(findings, n, _explained(causes, n), condition=rules[findings[n].rule].condition) for n in numbers
    ]
    causes = [sorted(mine, key=weights.__getitem__) for mine in causes]
    return tuple(
        findings[n].model_copy(update={"explained_by": tuple(dict.fromkeys(findings[k].rule for k in causes[n]))})
        for n in _causes_first(sorted(numbers, key=weights.__getitem__), causes)
    )


def _weight(findings: Sequence[Finding], number: int, explained: set[int], *, condition: bool) -> Weight:
    mine = findings[number]
    own, symptom = _ORDER.index(mine.severity), mine.code.startswith("P")
    if mine.severity is Severity.INFO:
        return Weight(own, condition, symptom, 0, own, -mine.gain)
    gravest = min((_ORDER.index(findings[k].severity) for k in explained), default=own)
    return Weight(min(own, gravest), condition, symptom, -len({findings[k].rule for k in explained}), own, -mine.gain)


def _explained(causes: Sequence[Sequence[int]], number: int) -> set[int]:
    """What a finding explains, itself or through others."""
    found: set[int] = set()
    waiting = [number]
    while waiting:
        cause = waiting.pop()
        new = {k for k, mine in enumerate(causes) if cause in mine} - found - {number}
        found |= new
        waiting.extend(new)
    return found


def _causes_first(order: Sequence[int], causes: Sequence[Sequence[int]]) -> list[int]:
    """The numbers in their order, but each after its causes."""
    ranked: dict[int, None] = {}
    visited: set[int] = set()

    def visit(number: int) -> None:
        if number not in visited:
            visited.add(number)
            for cause in causes[number]:
                visit(cause)
            ranked[number] = None

    for number in order:
        visit(number)
    return list(ranked)
