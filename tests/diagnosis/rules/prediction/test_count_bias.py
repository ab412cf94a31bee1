import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.core.labels import Labels
from segmend.diagnosis.rules.prediction.count_bias import CountBias, mean_of_others
from tests.diagnosis.charts import LABELS, charted, flickering, heartbeats, jittered


def sick():
    truth = heartbeats()
    return charted(truth, flickering(truth, LABELS, "T"), sure=0.6, second=truth)


def healthy():
    truth = heartbeats()
    return charted(truth, jittered(truth))


def _items(counts, length=40):
    """One recording per count, items of 2 steps."""
    rows = []
    for count in counts:
        steps = np.zeros(length, np.int64)
        for k in range(count):
            steps[4 * k : 4 * k + 2] = 1
        rows.append(steps)
    return rows


def _found(reference, predicted):
    return list(CountBias().examine(charted(_items(reference), _items(predicted), Labels.of(["a"]))))


def test_numbers_by_hand():
    (finding,) = _found([4, 6, 2], [6, 9, 2])
    assert finding.evidence["ratio"] == pytest.approx(17 / 12)
    assert finding.evidence["bias"] == pytest.approx(5 / 3)
    assert finding.evidence["mae"] == pytest.approx(5 / 3)
    assert finding.evidence["mean_count_mae"] == pytest.approx((0 + 3 + 3) / 3)
    assert (finding.evidence["recordings_over"], finding.evidence["recordings_under"]) == (2, 0)
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("reference", "predicted"),
    [
        ([5, 5, 5], [5, 5, 5]),
        ([5, 5, 5], [6, 6, 5]),  # two too many: chance
        ([9, 1, 5, 5], [9, 6, 4, 4]),  # one recording over, two under
    ],
)
def test_silent(reference, predicted):
    assert _found(reference, predicted) == []


def test_too_few_offers_other_decoders():
    (finding,) = _found([8, 8, 8], [5, 6, 7])
    assert "too few" in finding.message
    assert finding.remedies[0].edits == {"decoder": "thresholds"}


def test_classes_that_cancel_are_named():
    truth = [np.array([0, 1, 1, 0, 2, 2] * 6)] * 3
    said = [np.array([0, 1, 1, 0, 2, 2] * 2 + [0, 1, 0, 1, 0, 1] * 2 + [0, 1, 1, 0, 1, 1] + [0] * 6)] * 3
    findings = list(CountBias().examine(charted(truth, said, Labels.of(["a", "b"]))))
    assert {finding.where["label"]: finding.evidence["ratio"] > 1 for finding in findings} == {"a": True, "b": False}


def test_the_mean_of_others_without_other_groups_is_that_of_other_recordings():
    assert mean_of_others(np.array([2, 4, 9]), ("a", "a", "a")).tolist() == [6.5, 5.5, 3]


def test_one_recording_has_no_mean_of_others():
    (finding,) = _found([4], [9])
    assert finding.to_dict()["evidence"]["mean_count_mae"] is None
    assert "mean count" not in finding.message
