import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.core.labels import Labels
from segmend.diagnosis import doctor
from segmend.diagnosis.rules.prediction.over_segmentation import OverSegmentation
from tests.diagnosis.charts import LABELS, charted, flickering, heartbeats, jittered


def sick():
    truth = heartbeats()
    return charted(truth, flickering(truth, LABELS, "T"), sure=0.6, second=truth)


def healthy():
    truth = heartbeats()
    return charted(truth, jittered(truth))


def _only(chart):
    (finding,) = OverSegmentation().examine(chart)
    return finding


def test_names_the_class_and_counts_by_hand():
    truth = [np.array([0] * 5 + [1] * 12 + [0] * 5 + [1] * 12 + [0] * 5 + [1] * 12 + [0] * 5)]
    said = [truth[0].copy()]
    said[0][9] = 0  # one item in two pieces
    said[0][[24, 28]] = 0  # one in three
    said[0][53] = 1  # and a piece out of nothing
    finding = _only(charted(truth, said, Labels.of(["QRS"])))
    assert finding.where == {"label": "QRS"}
    expected = {"reference": 3, "predicted": 7, "fragments": 3, "insertions": 1, "short_insertions": 1}
    assert {key: finding.evidence[key] for key in expected} == expected
    assert finding.evidence["ratio"] == pytest.approx(7 / 3)
    assert finding.evidence["short_share"] == 1
    assert finding.message == (
        "2.3 predicted segments for each reference segment of QRS; 100 % of the extra ones last under 12 steps"
    )


def test_expected_is_what_joining_and_removing_bring_by_hand():
    truth = [np.array([0] * 5 + [1] * 12 + [0] * 5 + [1] * 12 + [0] * 5 + [1] * 12 + [0] * 5)]
    said = [truth[0].copy()]
    said[0][9:12] = 0
    said[0][[24, 28]] = 0
    said[0][53] = 1
    finding = _only(charted(truth, said, Labels.of(["QRS"])))
    expected = finding.remedies[0].expected
    assert expected.at_most == pytest.approx(1.0), "three whole items and nothing else"
    assert finding.gain == pytest.approx(1.0 - expected.before)
    assert finding.severity is Severity.ERROR


def test_one_finding_speaks_for_most_classes():
    truth = heartbeats()
    said = truth
    for label in LABELS.foreground_names:
        said = flickering(said, LABELS, label, every=3)
    finding = _only(charted(truth, said))
    assert finding.where == {} and finding.evidence["labels"] == ["P", "QRS", "T"]


def test_long_insertions_are_confusion_not_pieces():
    truth = heartbeats()
    said = [steps.copy() for steps in truth]
    for steps in said:
        for first in range(48, len(steps) - 10, 60):
            steps[first : first + 9] = 1  # as long as any P, where there is nothing
    assert list(OverSegmentation().examine(charted(truth, said))) == []


def test_one_wrong_step_in_a_hundred_is_found_and_said_to_be_short():
    rng = np.random.default_rng(1)
    truth = heartbeats(recordings=6)
    said = [np.where(rng.random(steps.size) < 0.01, (steps + 1) % 4, steps) for steps in truth]
    findings = list(OverSegmentation().examine(charted(truth, said)))
    assert findings and all(finding.severity is not Severity.INFO for finding in findings)
    assert all(finding.evidence["short_share"] > 0.95 for finding in findings)


def test_explains_counts_that_are_too_high_only():
    rule, finding = OverSegmentation(), _only(sick())
    high = finding.model_copy(update={"rule": "count-bias", "evidence": {"ratio": 1.4}})
    low = finding.model_copy(update={"rule": "count-bias", "evidence": {"ratio": 0.8}})
    assert rule.causes(finding, high) and not rule.causes(finding, low)


def test_is_named_before_the_bias_it_causes():
    record = doctor.examine(sick(), only={"over-segmentation", "count-bias"}, strict=True)
    assert [finding.rule for finding in record.findings] == ["over-segmentation", "count-bias"]
    assert record.findings[1].explained_by == ("over-segmentation",)
