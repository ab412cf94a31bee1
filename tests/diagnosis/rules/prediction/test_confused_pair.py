import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.core.labels import Labels
from segmend.diagnosis import doctor
from segmend.diagnosis.rules.prediction.confused_pair import ConfusedPair, mistaken
from segmend.pipeline.charting.chart import chart_of
from tests.diagnosis.charts import charted, heartbeats, jittered, probabilities
from tests.diagnosis.predicted import firing, healthy_charts, images, made, overlapping, signals, wholes


def _taken(truth, one=1, other=3, every=3):
    """Every third item of one class called by the other's name."""
    said = []
    for steps in truth:
        rows = steps.copy()
        starts = np.flatnonzero(np.diff(np.concatenate(([0], steps == one))) == 1)
        for start in starts[::every]:
            rows[start : start + np.argmin(np.append(steps[start:] == one, False))] = other
        said.append(rows)
    return said


def sick():
    truth = heartbeats()
    said = _taken(truth)
    prob = [probabilities(steps, 4, 0.9) for steps in truth]
    for steps, taken, rows in zip(truth, said, prob, strict=True):
        rows[steps != taken] = [0.0, 0.45, 0.0, 0.55]
    return charted(truth, said, prob=prob)


def healthy():
    truth = heartbeats()
    return charted(truth, jittered(truth))


def test_counts_by_hand():
    (finding,) = ConfusedPair().examine(sick())
    assert finding.where == {"label": "P"} and finding.evidence["pair"] == ["P", "T"]
    assert (finding.evidence["mistaken"], finding.evidence["reference"], finding.evidence["mistaken_back"]) == (
        16,
        48,
        0,
    )
    assert finding.evidence["auc"] == 1
    assert finding.message == (
        "16 of 48 segments of P (33 %) are taken for T. Their probabilities tell them apart with an AUC of 1.00"
    )
    assert finding.severity is Severity.ERROR
    assert finding.remedies[0].expected.at_most == pytest.approx(1)
    assert finding.remedies[0].edits == {"decoder": "thresholds"}
    assert finding.remedies[1].edits == {"decoder": "hidden_markov"}
    assert "cost[1, 3] = cost[3, 1] = 3" in finding.remedies[2].advice


def test_where_probabilities_do_not_tell_no_threshold_is_offered():
    chart = sick()
    prob = tuple(np.full((rows.size, 4), 0.25) for rows in chart.prediction.y_pred)
    chart = dataclasses.replace(chart, prediction=dataclasses.replace(chart.prediction, y_prob=prob))
    (finding,) = ConfusedPair().examine(chart)
    assert {remedy.edits["decoder"] for remedy in finding.remedies if remedy.safety == "safe"} == {"hidden_markov"}


def test_explains_the_counts_of_both_and_not_the_total():
    record = doctor.examine(sick(), only={"confused-pair", "count-bias"}, strict=True)
    assert {f.where.get("label") for f in record.findings if f.rule == "count-bias"} == {"P", "T"}
    assert all(f.explained_by == ("confused-pair",) for f in record.findings if f.rule == "count-bias")
    total = record.findings[-1].model_copy(update={"where": {}})
    assert not ConfusedPair().causes(record.findings[0], total)


def test_the_table_of_whole_recordings_is_the_confusion_matrix():
    true, said = np.array([0, 0, 1, 2, 2]), np.array([0, 2, 1, 0, 0])
    prediction = made(list(true), list(said), Labels(("a", "b", "c"), None), np.eye(3)[said], rank=0)
    table, held = mistaken(prediction)
    assert table.tolist() == [[0, 0, 1], [0, 0, 0], [2, 0, 0]] and held.tolist() == [2, 1, 2]


def test_two_classes_of_whole_recordings_have_errors_and_no_pair():
    rng = np.random.default_rng(0)
    true = rng.integers(0, 2, 100)
    said = np.where(rng.random(100) < 0.3, 1 - true, true)
    prediction = made(list(true), list(said), Labels(("a", "b"), None), np.eye(2)[said], rank=0)
    assert list(ConfusedPair().examine(chart_of(prediction, judged_on="test"))) == []


def _swapped(given, rng, share):
    """A share of the items of class 1 called 2."""
    from scipy import ndimage

    said = []
    for rows in given.y_pred:
        parts, count = ndimage.label(rows == 1)
        gone = 1 + np.flatnonzero(rng.random(count) < share)
        said.append(np.where(np.isin(parts, gone), 2, rows))
    return chart_of(dataclasses.replace(given, y_pred=tuple(said)), judged_on="test", edit=False)


def _swapped_lanes(given, rng, share):
    said = []
    for rows in given.y_pred:
        other = rows.copy()
        half = np.repeat(rng.random(len(rows) // 100 + 1) < share, 100)[: len(rows)]
        other[half] = 0
        other[half, 1] = rows[half, 0]
        said.append(other)
    return chart_of(dataclasses.replace(given, y_pred=tuple(said)), judged_on="test", edit=False)


def _several(rng, make, classes):
    given = make(rng)
    while len(given.labels) < classes:
        given = make(rng)
    return given


def test_found_where_one_class_is_taken_for_another_and_in_no_good_model():
    rng = np.random.default_rng(0)
    several = {"recordings": 5, "per_recording": 40}
    sick = [_swapped(signals(rng, classes=3, **several), rng, rng.uniform(0.25, 0.7)) for _ in range(25)]
    sick += [_swapped(_several(rng, images, 3), rng, rng.uniform(0.5, 0.8)) for _ in range(8)]
    sick += [_swapped_lanes(_several(rng, overlapping, 2), rng, 0.9) for _ in range(5)]
    for _ in range(8):
        given = wholes(rng, 200, 4)
        said = tuple(np.where((rows == 1) & (rng.random() < 0.4), 2, rows) for rows in given.y_pred)
        sick.append(chart_of(dataclasses.replace(given, y_pred=said), judged_on="test", edit=False))
    assert firing("confused-pair", sick) >= 0.9
    assert firing("confused-pair", healthy_charts()) <= 0.01
