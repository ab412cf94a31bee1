import pytest

from segmend.artifacts.finding import Expected, Finding, OracleRung, Remedy, Severity
from segmend.artifacts.plan import Choice, Plan
from segmend.errors import InputError


def test_a_finding_goes_to_json_and_back():
    finding = Finding(
        rule="over-segmentation",
        code="P402",
        severity=Severity.ERROR,
        where={"label": "QRS"},
        message="4.1 predicted segments for each reference segment",
        evidence={"ratio": 4.1},
        remedies=(
            Remedy(
                name="decode-viterbi",
                safety="safe",
                edits={"decoder": "viterbi"},
                expected=Expected(objective="segment_f1@50", before=0.4, at_most=0.6),
            ),
        ),
        gain=0.2,
    )
    content = finding.to_dict()
    assert content["severity"] == "error"
    assert "gain" not in content
    assert Finding.from_dict(content).to_dict() == content


def test_not_a_number_is_null():
    rung = OracleRung(if_fixed=None, segment_f1_50=float("nan"), count_mae=1.0)
    assert rung.to_dict()["segment_f1@50"] is None


def test_an_unknown_key_is_refused_with_its_place():
    plan = Plan(choices={"model": {"filters": Choice(value=32, because="small data", source="segments")}})
    content = plan.to_dict()
    content["choices"]["model"]["filters"]["becuase"] = "typo"
    with pytest.raises(InputError, match=r"plan.toml: choices.model.filters.becuase: .* Received 'typo'"):
        Plan.from_dict(content, source="plan.toml")


def test_artifacts_are_frozen():
    choice = Choice(value=1, because="", source="")
    with pytest.raises(ValueError, match="frozen"):
        choice.value = 2
