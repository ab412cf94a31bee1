"""Which finding stands first, on findings made by hand of rules made by hand."""

import dataclasses

from segmend.artifacts.finding import Finding, Severity
from segmend.diagnosis.order import rank
from segmend.diagnosis.rule import Rule

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


@dataclasses.dataclass
class Made:
    """A finding to be, and what its rule explains."""

    code: str
    severity: Severity
    explains: tuple = ()
    gain: float = 0.0
    condition: bool = False


def order(**made):
    rules, findings = {}, []
    for name, each in made.items():
        parts = {"name": name, "code": each.code, "explains": each.explains, "condition": each.condition}
        rules[name] = type(name, (Rule,), parts | {"examine": lambda self, chart: ()})()
        findings.append(Finding(rule=name, code=each.code, severity=each.severity, message="made", gain=each.gain))
    return [finding.rule for finding in rank(findings, rules)]


def test_a_cause_stands_before_what_it_explains_however_small_it_is():
    assert order(a=Made("P1", ERROR), b=Made("M1", INFO, ("a",))) == ["b", "a"]


def test_a_cause_weighs_as_the_gravest_that_it_explains():
    found = order(a=Made("M1", WARNING, ("c",)), b=Made("M2", WARNING, gain=0.9), c=Made("P1", ERROR))
    assert found == ["a", "c", "b"]


def test_what_explains_most_stands_first():
    found = order(
        a=Made("M1", ERROR, ("c",), gain=0.9), b=Made("M2", ERROR, ("c", "d")), c=Made("P1", ERROR), d=Made("P2", ERROR)
    )
    assert found == ["b", "a", "c", "d"]


def test_many_findings_of_one_rule_count_once():
    findings = [Finding(rule="p", code="P1", severity=ERROR, message="made", where={"label": k}) for k in "abc"]
    findings += [Finding(rule=name, code=f"P{name}", severity=ERROR, message="made") for name in ("q", "r")]
    findings += [Finding(rule=name, code="M1", severity=ERROR, message="made") for name in ("one", "two")]
    explains = {"one": ("p",), "two": ("q", "r")}
    rules = {
        name: type(name, (Rule,), {"name": name, "code": "X1", "explains": explains.get(name, ()), "examine": None})
        for name in ("p", "q", "r", "one", "two")
    }
    for rule in rules.values():
        rule.__abstractmethods__ = frozenset()
    assert next(iter(rank(findings, {name: rule() for name, rule in rules.items()}))).rule == "two"


def test_conditions_stand_behind_faults_and_symptoms_behind_what_is_upstream():
    found = order(
        rare=Made("D1", ERROR, ("lost",), condition=True),
        lost=Made("P1", ERROR),
        broken=Made("M1", ERROR, ("lost",)),
        alone=Made("P2", ERROR, gain=1.0),
    )
    assert found == ["broken", "alone", "rare", "lost"]


def test_for_information_means_last():
    assert order(a=Made("M1", INFO, gain=1.0), b=Made("P1", WARNING)) == ["b", "a"]
