import pytest

from segmend import catalogue
from segmend.artifacts.finding import Finding, OracleRung, Severity
from segmend.core.labels import Labels
from segmend.core.task import Task
from segmend.diagnosis import doctor, registry, severity
from segmend.diagnosis.rule import Rule
from segmend.errors import InputError
from tests.diagnosis.charts import charted, heartbeats


def _chart(**parts):
    return doctor.Chart(
        task=Task("segmentation", "multiclass", 1, 2), labels=Labels.numbered(2), judged_on="x", **parts
    )


def _finding(rule, grade="info", gain=0.0, **where):
    return Finding(rule=rule, code="P400", severity=Severity(grade), where=where, message="1", gain=gain)


def _rules(**explains):
    """A rule class per name that explains the given ones."""
    made = {}
    for name, targets in explains.items():
        kind = type(
            name, (Rule,), {"name": name, "code": "P400", "explains": targets, "examine": lambda self, chart: ()}
        )
        made[name] = kind()
    return made


def _ranked(findings, rules):
    return [(finding.rule, finding.explained_by) for finding in doctor.rank(findings, rules)]


def test_severity_then_gain_decide():
    rules = _rules(a=(), b=(), c=(), d=())
    findings = [_finding("a"), _finding("b", "error", 0.1), _finding("c", "error", 0.3), _finding("d", "warning")]
    assert [name for name, _ in _ranked(findings, rules)] == ["c", "b", "d", "a"]


def test_a_mild_cause_stands_before_what_it_explains():
    rules = _rules(cause=("effect",), effect=(), other=())
    findings = [_finding("other", "warning"), _finding("effect", "error"), _finding("cause", "info")]
    assert _ranked(findings, rules) == [("cause", ()), ("effect", ("cause",)), ("other", ())]


def test_causes_form_chains():
    rules = _rules(root=("middle",), middle=("leaf",), leaf=())
    findings = [_finding("leaf", "error"), _finding("middle"), _finding("root")]
    assert [name for name, _ in _ranked(findings, rules)] == ["root", "middle", "leaf"]


def test_a_circle_of_causes_ends():
    rules = _rules(a=("b",), b=("a",))
    assert sorted(_ranked([_finding("a"), _finding("b")], rules)) == [("a", ("b",)), ("b", ("a",))]


@pytest.mark.parametrize(
    ("cause", "effect", "explained"),
    [
        ({"label": "P"}, {"label": "P"}, True),
        ({"label": "P"}, {"label": "T"}, False),
        ({"label": "P"}, {}, True),
        ({}, {"label": "T"}, True),
    ],
)
def test_a_cause_of_one_class_explains_that_class(cause, effect, explained):
    rules = _rules(cause=("effect",), effect=())
    ranked = dict(_ranked([_finding("cause", **cause), _finding("effect", **effect)], rules))
    assert ranked["effect"] == (("cause",) if explained else ())


def test_a_rule_without_its_needs_is_skipped_with_a_reason():
    record = doctor.examine(_chart(), only={"over-segmentation", "class-imbalance"})
    assert {entry.rule: entry.because for entry in record.skipped} == {
        "over-segmentation": "no predictions to judge",
        "class-imbalance": "no data given",
    }
    assert record.checked == ()


def test_needs_may_name_a_part_of_a_part():
    chart = charted(heartbeats(), heartbeats())
    assert doctor.missing(chart, ("prediction.y_prob",)) is None
    assert doctor.missing(chart, ("prediction", "fingerprint.channels")) == "fingerprint.channels"


class Broken(Rule):
    """A rule that fails."""

    name = "count-bias"
    code = "P404"

    def examine(self, chart):
        raise ZeroDivisionError("division\nby zero")


def test_a_crash_is_a_skipped_entry_unless_strict(monkeypatch):
    monkeypatch.setitem(catalogue.RULES, "count-bias", f"{__name__}:Broken")
    monkeypatch.setattr(catalogue, "resolve", lambda family, name: Broken)
    monkeypatch.delenv("SEGMEND_TRACEBACK", raising=False)
    record = doctor.examine(_chart(), only={"count-bias"})
    assert record.skipped[0].because == "the rule failed, please report it: ZeroDivisionError: division by zero"
    with pytest.raises(ZeroDivisionError):
        doctor.examine(_chart(), only={"count-bias"}, strict=True)
    monkeypatch.setenv("SEGMEND_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        doctor.examine(_chart(), only={"count-bias"})


def _rung(kind, f1, ratio, label=None):
    return OracleRung(if_fixed=kind, label=label, segment_f1_50=f1, count_mae=0.0, count_ratio=ratio)


@pytest.mark.parametrize(
    ("f1", "ratio", "grade"),
    [
        (0.50, 1.0, "error"),
        (0.49, 1.25, "error"),
        (0.41, 0.75, "error"),
        (0.42, 1.0, "warning"),
        (0.40, 1.05, "warning"),
        (0.41, 1.04, "info"),
        (0.30, 1.0, "info"),
        (None, None, "info"),
    ],
)
def test_severity_is_read_off_the_ladder(f1, ratio, grade):
    chart = _chart(oracle=(_rung(None, 0.40, 1.0), _rung("merge", f1, ratio)))
    found, expected = severity.from_oracle(chart, "merge")
    assert found == grade
    assert (expected.before, expected.at_most) == (0.40, f1)


def test_nothing_to_measure_on_is_info():
    assert severity.from_oracle(_chart(), "merge")[0] is Severity.INFO


def test_a_class_without_errors_of_a_kind_gains_nothing():
    chart = _chart(oracle=(_rung(None, 0.40, 1.0), _rung("merge", 0.6, 1.2)))
    grade, expected = severity.from_oracle(chart, "merge", "QRS")
    assert grade is Severity.INFO and severity.gain(expected) == 0


def test_rules_are_found_by_name_and_code_in_any_spelling():
    assert registry.find("Over_Segmentation") == registry.find("P402") == registry.read("over-segmentation")


def test_an_unknown_rule_is_refused_with_the_nearest():
    with pytest.raises(InputError, match='did you mean "over-segmentation"'):
        registry.find("oversegmentation")
