import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.core.labels import Labels
from segmend.diagnosis import doctor, threshold_fit
from segmend.diagnosis.rules.prediction.wrong_threshold import WrongThreshold
from segmend.pipeline.charting.chart import chart_of
from tests.diagnosis.charts import charted, heartbeats
from tests.diagnosis.predicted import firing, healthy_charts, images, overlapping, signals, wholes


def sick():
    """Half of the T waves are below one half, though far above everything else."""
    truth = heartbeats(recordings=6)
    rng = np.random.default_rng(0)
    prob = []
    for steps in truth:
        rows = np.full((steps.size, 4), 0.02)
        own = np.where(steps == 3, np.repeat(rng.choice([0.3, 0.7], steps.size // 60), 60), 0.9)
        rows[np.arange(steps.size), steps] = own
        rows[:, 0] += 1 - rows.sum(axis=1)
        prob.append(rows)
    return charted(truth, [rows.argmax(axis=1) for rows in prob], prob=prob)


def healthy():
    truth = heartbeats()
    return charted(truth, truth)


def test_names_class_threshold_and_gain():
    (finding,) = WrongThreshold().examine(sick())
    assert finding.where == {"label": "T"}
    assert finding.evidence["thresholds"]["T"] == pytest.approx(0.3)
    assert finding.evidence["auc"] == 1 and finding.evidence["f1_with_thresholds"] == 1
    assert finding.severity is Severity.WARNING and finding.remedies[0].edits == {"decoder": "thresholds"}
    assert "0.30 for T raises the F1 of steps from" in finding.message


def test_by_hand_the_gain_is_that_of_other_groups():
    true = [np.array([0, 0, 1, 1])] * 3
    rows = np.array([[0.9, 0.1], [0.8, 0.2], [0.6, 0.4], [0.3, 0.7]])
    prediction = charted(true, [rows.argmax(axis=1)] * 3, Labels.of(["a"]), prob=[rows] * 3).prediction
    fit = threshold_fit.fitted(prediction)
    assert fit.threshold.tolist() == [0.5, 0.4]
    assert fit.before[1] == pytest.approx(2 / 3) and fit.after[1] == 1
    assert fit.error[1] < 1e-12, "all groups are alike"


def test_explains_what_is_missed_and_not_what_is_invented():
    record = doctor.examine(sick(), only={"wrong-threshold", "missed-segments", "count-bias"}, strict=True)
    assert [finding.rule for finding in record.findings] == ["wrong-threshold", "missed-segments", "count-bias"]
    assert record.findings[1].explained_by == ("wrong-threshold",)
    rule, finding = WrongThreshold(), record.findings[0]
    assert not rule.causes(finding, finding.model_copy(update={"rule": "spurious-segments"}))
    high = finding.model_copy(update={"rule": "count-bias", "evidence": {"ratio": 1.2}})
    assert not rule.causes(finding, high)


def test_two_groups_are_too_few_to_be_honest():
    chart = sick()
    prediction = dataclasses.replace(chart.prediction, groups=("a",) * 3 + ("b",) * 3)
    assert list(WrongThreshold().examine(dataclasses.replace(chart, prediction=prediction))) == []


def _tilted(given, rng, number):
    """The probability of one class tells it well from all else, but half of it or so lies below one half."""
    middle = rng.uniform(-1.0, 0.3)
    prob = []
    for rows, said in zip(given.y_prob, given.y_pred, strict=True):
        has = said[..., number] == 1 if given.multilabel else said == number
        own = 1 / (1 + np.exp(-rng.normal(np.where(has, middle, middle - 6), 1)))
        if given.multilabel:
            tilted = rows.copy()
        else:
            tilted = np.eye(rows.shape[-1])[np.where(has, 0, said)] * (1 - own[..., None])
        tilted[..., number] = own
        prob.append(tilted)
    return _decided(given, prob)


def _decided(given, prob):
    said = [(rows > 0.5).astype(np.int8) if given.multilabel else rows.argmax(axis=-1) for rows in prob]
    return chart_of(dataclasses.replace(given, y_prob=tuple(prob), y_pred=tuple(said)), judged_on="test", edit=False)


def _sick(rng, kind):
    given = {
        "signals": lambda: signals(rng, recordings=6, classes=1, per_recording=20),
        "overlapping": lambda: overlapping(rng),
        "images": lambda: images(rng),
        "wholes": lambda: wholes(rng, 200, 2),
    }[kind]()
    return _tilted(given, rng, 1 if kind in ("signals", "images", "wholes") else 0)


def test_found_where_probabilities_are_tilted_and_in_no_good_model():
    rng = np.random.default_rng(0)
    sick = [_sick(rng, kind) for kind in ("signals", "signals", "overlapping", "images", "wholes") * 8]
    assert firing("wrong-threshold", sick) >= 0.9
    assert firing("wrong-threshold", healthy_charts()) <= 0.01
