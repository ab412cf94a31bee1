import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.core.labels import Labels
from segmend.diagnosis import doctor
from segmend.diagnosis.rules.prediction.spurious_segments import SpuriousSegments
from segmend.pipeline.charting.chart import chart_of
from tests.diagnosis.charts import charted, heartbeats, jittered, probabilities
from tests.diagnosis.predicted import firing, healthy_charts, images, signals


def _invented(truth, number=1, length=9, every=4):
    """The labels with items in the long gaps between beats."""
    said = []
    for steps in truth:
        rows = steps.copy()
        for beat in range(0, len(steps) // 60, every):
            rows[60 * beat + 48 : 60 * beat + 48 + length] = number
        said.append(rows)
    return said


def sick():
    truth = heartbeats()
    said = _invented(truth)
    prob = [probabilities(steps, 4, 0.9) for steps in truth]
    for steps, invented, rows in zip(truth, said, prob, strict=True):
        rows[steps != invented] = [0.4, 0.6, 0.0, 0.0]
    return charted(truth, said, prob=prob)


def healthy():
    truth = heartbeats()
    return charted(truth, jittered(truth))


def test_counts_by_hand():
    (finding,) = SpuriousSegments().examine(sick())
    assert finding.where == {"label": "P"}
    assert (finding.evidence["spurious"], finding.evidence["reference"]) == (12, 48)
    assert finding.message == (
        "12 segments of P are predicted where there are none, 25 % as many as the 48 that there are; they are as long "
        "as real ones"
    )
    assert finding.severity is Severity.WARNING, "12 of all 144"
    expected = finding.remedies[0].expected
    assert expected.before == pytest.approx(2 * 144 / (144 + 156)) and expected.at_most == pytest.approx(1)


def test_specks_are_left_to_over_segmentation():
    truth = heartbeats()
    assert list(SpuriousSegments().examine(charted(truth, _invented(truth, length=2)))) == []


def test_explains_counts_that_are_too_high_only():
    record = doctor.examine(sick(), only={"spurious-segments", "count-bias"}, strict=True)
    assert [finding.rule for finding in record.findings] == ["spurious-segments", "count-bias"]
    assert record.findings[1].explained_by == ("spurious-segments",)
    low = record.findings[1].model_copy(update={"evidence": {"ratio": 0.8}})
    assert not SpuriousSegments().causes(record.findings[0], low)


def test_more_can_be_invented_than_there_are():
    truth = [np.array([0] * 40 + ([0] * 10 + [1] * 5) * 3 + [0] * 100)]
    said = [truth[0].copy()]
    for start in (5, 15, 25, 100, 120, 140, 160):
        said[0][start : start + 6] = 1
    (finding,) = SpuriousSegments().examine(charted(truth, said, Labels.of(["a"])))
    assert finding.evidence["spurious"] == 7 and finding.severity is Severity.ERROR


def _sick(rng):
    given = signals(rng, recordings=4, classes=2, per_recording=20)
    share = rng.uniform(0.3, 1)
    true, said = [], []
    for truth, rows in zip(given.y_true, given.y_pred, strict=True):
        # The truth is as long again and has nothing in its second half, where the model sees the same once more.
        again = np.where(rng.random(rows.size // 50 + 1).repeat(50)[: rows.size] < share, rows, 0)
        true.append(np.concatenate([truth, np.zeros_like(truth)]))
        said.append(np.concatenate([rows, again]))
    prediction = dataclasses.replace(given, y_true=tuple(true), y_pred=tuple(said), y_prob=None)
    return chart_of(prediction, judged_on="test", edit=False)


def _sick_images(rng):
    given = images(rng)
    share = rng.uniform(0.5, 1)
    true = tuple(np.where(rng.random(4).repeat(16)[None, :] < share, 0, rows) for rows in given.y_true)
    return chart_of(dataclasses.replace(given, y_true=true), judged_on="test", edit=False)


def test_found_where_many_are_invented_and_in_no_good_model():
    rng = np.random.default_rng(0)
    sick = [_sick(rng) for _ in range(30)] + [_sick_images(rng) for _ in range(10)]
    assert firing("spurious-segments", sick) >= 0.9
    assert firing("spurious-segments", healthy_charts()) <= 0.01
