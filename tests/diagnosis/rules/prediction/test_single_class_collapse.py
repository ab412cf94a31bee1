import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.diagnosis.rules.prediction.single_class_collapse import SingleClassCollapse
from segmend.pipeline.charting.chart import chart_of
from tests.diagnosis.charts import charted, heartbeats
from tests.diagnosis.predicted import firing, healthy_charts, signals


def _prob(truth, own, seed=0):
    """Background leads everywhere; where a class is, its probability is ``own`` + noise, else noise."""
    rng = np.random.default_rng(seed)
    probs = []
    for steps in truth:
        prob = np.full((len(steps), 4), 0.02) + 0.01 * rng.random((len(steps), 4))
        inside = np.flatnonzero(steps > 0)
        prob[inside, steps[inside]] += own
        prob[:, 0] = 0
        prob[:, 0] = 1 - prob.sum(axis=1)
        probs.append(prob)
    return probs


def _collapsed(own):
    truth = heartbeats()
    return charted(truth, [np.zeros_like(steps) for steps in truth], prob=_prob(truth, own))


def sick():
    return _collapsed(0.2)


def healthy():
    truth = heartbeats()
    return charted(truth, truth)


def _only(chart):
    (finding,) = SingleClassCollapse().examine(chart)
    return finding


def test_a_right_ranking_blames_the_threshold():
    finding = _only(sick())
    assert finding.severity is Severity.ERROR and finding.where == {}
    assert finding.evidence["class"] == "background" and finding.evidence["predicted_share"] == 1
    assert finding.evidence["lost"] == ["P", "QRS", "T"]
    assert finding.evidence["fault"] == "threshold"
    assert all(auc == pytest.approx(1.0) for auc in finding.evidence["auc"].values())
    assert finding.remedies[0].edits == {"decoder": "thresholds"}


def test_nothing_learnt_has_no_decoder_for_a_remedy():
    finding = _only(_collapsed(0.0))
    assert finding.evidence["fault"] == "ranking"
    assert all(0.4 < auc < 0.6 for auc in finding.evidence["auc"].values())
    assert not any("decoder" in remedy.edits for remedy in finding.remedies)
    assert [remedy.name for remedy in finding.remedies[1:]] == ["begin-anew", "weigh-steps"]
    assert finding.remedies[1].edits["model.weights"] == "fresh"


def test_one_lost_class_of_several_is_no_collapse():
    truth = heartbeats()
    said = [np.where(steps == 2, 0, steps) for steps in truth]
    assert list(SingleClassCollapse().examine(charted(truth, said, second=truth))) == []


def test_rare_but_predicted_is_no_collapse():
    truth = [np.zeros(5000, np.int64) for _ in range(3)]
    for steps in truth:
        steps[1000:1010] = 1
        steps[3000:3010] = 1
    assert list(SingleClassCollapse().examine(charted(truth, truth))) == []


def test_without_probabilities_the_fault_stays_open():
    chart = sick()
    chart = dataclasses.replace(chart, prediction=dataclasses.replace(chart.prediction, y_prob=None))
    assert _only(chart).evidence["fault"] is None


def test_found_in_random_collapses_and_in_no_good_model():
    rng = np.random.default_rng(0)
    sick = []
    for _ in range(30):
        given = signals(rng)
        said = tuple(np.zeros_like(rows) for rows in given.y_true)
        sick.append(chart_of(dataclasses.replace(given, y_pred=said), judged_on="test", edit=False))
    assert firing("single-class-collapse", sick) >= 0.9
    assert firing("single-class-collapse", healthy_charts()) <= 0.01
