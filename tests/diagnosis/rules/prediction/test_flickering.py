import dataclasses

import numpy as np
import pytest

from segmend.core.labels import Labels
from segmend.diagnosis import doctor
from segmend.diagnosis.flicker import bursts_of
from segmend.diagnosis.rules.prediction.flickering import Flickering
from segmend.pipeline.charting.chart import chart_of
from tests.diagnosis.charts import LABELS, charted, flickering, heartbeats, jittered
from tests.diagnosis.predicted import firing, healthy_charts, overlapping, signals


def _undecided(truth, said, sure=0.55):
    """Probabilities that are close wherever the said label is near a wrong one."""
    prob = []
    for true, steps in zip(truth, said, strict=True):
        near = np.convolve(true != steps, np.ones(7), "same") > 0
        own = np.where(near, sure, 0.95)
        second = np.where(true != steps, true, np.where(true == 0, 1, 0))
        rows = np.zeros((steps.size, 4))
        rows[np.arange(steps.size), steps] += own
        rows[np.arange(steps.size), second] += 1 - own
        prob.append(rows)
    return prob


def sick():
    truth = heartbeats()
    said = flickering(truth, LABELS, "T", every=3)
    return charted(truth, said, prob=_undecided(truth, said))


def healthy():
    truth = heartbeats()
    return charted(truth, jittered(truth))


def test_switches_by_hand():
    truth = [np.array([0] * 10 + [1] * 20 + [0] * 10)]
    said = [truth[0].copy()]
    said[0][[15, 17, 19]] = 0  # 1 0 1 0 1 0 1: five short runs between two long ones
    prediction = charted(truth, said, Labels.of(["a"])).prediction
    found = bursts_of(prediction)
    assert found.few == 5 and found.switches == (7, 0), "six short runs in a row"


def test_the_steady_labels_give_each_burst_to_the_run_before():
    truth = [np.array([0] * 20 + [1] * 30 + [0] * 20)]
    said = [truth[0].copy()]
    said[0][[45, 47]] = 0
    found = bursts_of(charted(truth, said, Labels.of(["a"])).prediction)
    assert found.switches == (5, 0)
    assert found.steady[0].tolist() == truth[0].tolist()


def test_a_hole_by_itself_is_no_burst():
    truth = [np.array([0] * 20 + [1] * 60 + [0] * 20)] * 4
    said = [steps.copy() for steps in truth]
    for steps in said:
        steps[[40, 65]] = 0
    assert bursts_of(charted(truth, said, Labels.of(["a"])).prediction).switches == (0, 0)


def test_explains_pieces_and_counts_that_are_too_high():
    record = doctor.examine(sick(), only={"flickering", "over-segmentation", "count-bias"}, strict=True)
    assert [finding.rule for finding in record.findings] == ["flickering", "over-segmentation", "count-bias"]
    assert record.findings[1].explained_by == ("flickering",)
    low = record.findings[2].model_copy(update={"evidence": {"ratio": 0.8}})
    assert not Flickering().causes(record.findings[0], low)


def test_a_model_that_is_sure_does_not_flicker():
    chart = sick()
    sure = tuple(np.eye(4)[rows] * 0.96 + 0.01 for rows in chart.prediction.y_pred)
    chart = dataclasses.replace(chart, prediction=dataclasses.replace(chart.prediction, y_prob=sure))
    assert list(Flickering().examine(chart)) == []


def test_the_message_tells_switches_and_margins():
    (finding,) = Flickering().examine(sick())
    assert "there the two best probabilities lie 0.10 apart, elsewhere 0.90" in finding.message
    assert finding.evidence["margin"] == pytest.approx(0.1)


def _flickering(given, rng):
    """Stretches in which two classes take turns at random, none surely."""
    share, said, prob = rng.uniform(0.1, 0.4), [], []
    for rows, own in zip(given.y_prob, given.y_pred, strict=True):
        doubt = np.repeat(rng.random(len(rows) // 12 + 1) < share, 12)[: len(rows)]
        mixed = rows.copy()
        noise = rng.normal(0, 0.06, len(rows))
        if given.multilabel:
            mixed[doubt, 0] = np.clip(0.5 + noise[doubt], 0, 1)
        else:
            mixed[doubt] = 0
            other = np.where(own[doubt] == 0, 1, 0)
            mixed[doubt, own[doubt]], mixed[doubt, other] = 0.5 + noise[doubt], 0.5 - noise[doubt]
        prob.append(mixed)
        said.append((mixed > 0.5).astype(np.int8) if given.multilabel else mixed.argmax(axis=1))
    return chart_of(dataclasses.replace(given, y_prob=tuple(prob), y_pred=tuple(said)), judged_on="test", edit=False)


def test_found_where_classes_take_turns_and_in_no_good_model():
    rng = np.random.default_rng(0)
    sick = [_flickering(signals(rng, recordings=4, classes=2, per_recording=20), rng) for _ in range(30)]
    sick += [_flickering(overlapping(rng), rng) for _ in range(10)]
    assert firing("flickering", sick) >= 0.9
    assert firing("flickering", healthy_charts()) <= 0.01
