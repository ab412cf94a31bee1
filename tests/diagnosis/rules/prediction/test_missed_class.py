import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.diagnosis import doctor
from segmend.diagnosis.rules.prediction.missed_class import MissedClass
from segmend.pipeline.charting.chart import chart_of
from tests.diagnosis.charts import charted, heartbeats
from tests.diagnosis.predicted import firing, healthy_charts, signals, wholes


def sick():
    truth = heartbeats()
    said = [np.where(steps == 2, 0, steps) for steps in truth]
    return charted(truth, said, second=truth)


def healthy():
    truth = heartbeats()
    return charted(truth, truth)


def _only(chart):
    (finding,) = MissedClass().examine(chart)
    return finding


def test_one_lost_class_is_named():
    truth = heartbeats()
    said = [np.where(steps == 2, 0, steps) for steps in truth]
    finding = _only(charted(truth, said, second=truth))
    assert finding.where == {"label": "QRS"}
    assert finding.remedies[0].expected.at_most == pytest.approx(1.0), "the class added back makes all right"


def test_a_class_that_is_called_by_another_name_is_relabelled_by_the_oracle():
    truth = heartbeats()
    said = [np.where(steps == 2, 1, steps) for steps in truth]
    finding = _only(charted(truth, said, second=truth))
    assert finding.where == {"label": "QRS"}
    assert finding.remedies[0].expected.at_most == pytest.approx(1.0)


def test_a_background_that_is_never_predicted_is_a_lost_class_too():
    truth = heartbeats()
    said = [np.where(steps == 0, 3, steps) for steps in truth]
    assert _only(charted(truth, said)).where == {"label": "background"}


def test_a_whole_collapse_is_told_by_another_rule():
    truth = heartbeats()
    assert list(MissedClass().examine(charted(truth, [np.zeros_like(steps) for steps in truth]))) == []


def test_a_rare_class_that_is_lost_is_a_warning_in_words():
    finding = _only(sick())
    assert finding.severity is Severity.ERROR, "a third of the count"
    assert finding.message.startswith("QRS, which holds 10 % of the steps, is hardly ever predicted. AUC 1.00")


def test_tells_before_what_it_explains():
    record = doctor.examine(sick(), only={"missed-class", "count-bias"}, strict=True)
    assert [finding.rule for finding in record.findings] == ["missed-class", "count-bias"]
    assert record.findings[1].explained_by == ("missed-class",)


def _without(prediction, number, instead):
    said = tuple(np.where(rows == number, instead, rows) for rows in prediction.y_pred)
    return chart_of(dataclasses.replace(prediction, y_pred=said), judged_on="test", edit=False)


def test_found_in_random_losses_and_in_no_good_model():
    rng = np.random.default_rng(0)
    sick = []
    for _ in range(30):
        given = signals(rng, classes=int(rng.integers(2, 5)), per_recording=30)
        held = np.bincount(np.concatenate(given.y_true))[1:]
        sick.append(_without(given, 1 + int(held.argmax()), 0))
    sick += [_without(wholes(rng, 120, 4), 0, 1) for _ in range(10)]
    assert firing("missed-class", sick) >= 0.9
    assert firing("missed-class", healthy_charts()) <= 0.01
