import dataclasses

import keras
import numpy as np
import pytest
from keras import layers

from segmend import models
from segmend.anatomy import of_keras
from segmend.artifacts.finding import Severity
from segmend.core.task import Task
from segmend.diagnosis.rules.model.saturated_initial_bias import SaturatedInitialBias
from segmend.pipeline.charting.chart import chart_of
from tests.diagnosis.rules.model import seeded

STEPS, SEVERAL = Task.named("segmentation", 3, 1), Task.named("multilabel-segmentation", 3, 1)


def _with(task=STEPS, wrong=0.0, **output):
    drawn = seeded.drawn(task, wrong, 0)
    model = seeded.fitting(task, np.random.default_rng(0))
    return seeded.with_output(dataclasses.replace(drawn, anatomy=model), **output)


def blind(chart, which=1):
    """The chart after the model gave a class no chance."""
    prob = [rows * (np.arange(3) != which) + 1e-4 for rows in chart.prediction.y_prob]
    said = [rows.argmax(axis=-1) for rows in prob]
    prediction = dataclasses.replace(chart.prediction, y_prob=tuple(prob), y_pred=tuple(said))
    found = chart_of(prediction, judged_on="test")
    return dataclasses.replace(found, anatomy=chart.anatomy)


def sick():
    return blind(_with(bias=(0.0, -9.0, 0.0), initial_bias=(0.0, -9.0, 0.0)))


def healthy():
    return _with(bias=(0.5, -1.0, -1.5), initial_bias=(0.5, -1.0, -1.5))


def _findings(chart):
    return list(SaturatedInitialBias().examine(chart))


def test_class_probability_and_share_are_told():
    (finding,) = _findings(sick())
    assert finding.where == {"output": "labels", "label": "b"}
    assert finding.evidence["probability"] == pytest.approx(np.exp(-9) / 2, rel=0.01)
    assert finding.severity is Severity.ERROR
    share = next(facts.step_share for facts in sick().fingerprint.classes if facts.name == "b")
    assert f"{np.log(share):.2f}" in finding.remedies[0].advice


def test_a_bias_that_was_unlearnt_is_info_and_one_that_was_learnt_is_none():
    (finding,) = _findings(_with(initial_bias=(0.0, -9.0, 0.0)))
    assert finding.severity is Severity.INFO
    assert _findings(_with(bias=(0.0, -9.0, 0.0))) == [], "predictions are right, so features make up for it"
    assert _findings(blind(_with(bias=(0.0, -9.0, 0.0))))


@pytest.mark.parametrize(
    ("parts", "fires"),
    [
        ({"initial_bias": (9.0, 0.0, 0.0)}, True),
        ({"initial_bias": (-4.6, -4.6, -4.6), "task": SEVERAL}, False),
        ({"initial_bias": (-9.0, -9.0, -9.0), "task": SEVERAL}, True),
        ({"initial_bias": (5.0, 5.0, 5.0)}, False),
        ({"initial_bias": (-9.0, 0.0)}, False),
        ({}, False),
    ],
)
def test_what_the_bias_alone_says(parts, fires):
    assert bool(_findings(_with(**parts))) is fires


def _model(start, activation="softmax"):
    head = layers.Dense(3, bias_initializer=keras.initializers.Constant(start), activation=activation)
    return keras.Sequential([keras.Input((None, 2)), layers.Conv1D(4, 3, padding="same"), head])


def test_real_models():
    chart = _with()
    for start, fires in (([0, -10, 0], True), ([0.6, -1, -2], False), (0.0, False)):
        assert bool(_findings(dataclasses.replace(chart, anatomy=of_keras(_model(start))))) is fires
    shares = [facts.step_share for facts in chart.fingerprint.classes]
    model = models.tcn([{"kernel": 3}], channels=2, classes=3, bias=[1 - sum(shares), *shares])
    facts = of_keras(model)
    assert facts.outputs[0].initial_bias is not None
    assert _findings(dataclasses.replace(chart, anatomy=facts)) == []


def test_one_sigmoid_unit_is_two_classes():
    facts = of_keras(keras.Sequential([keras.Input((None, 2)), layers.Dense(1, activation="sigmoid")])).outputs[0]
    assert facts.bias == (0.0,) and facts.initial_bias is None


def test_how_often_it_fires():
    rng = np.random.default_rng(0)

    def sick_one(each):
        share = [facts.step_share for facts in each.fingerprint.classes]
        which, low = int(rng.integers(1, 3)), float(rng.uniform(9, 30))
        bias = np.zeros(3)
        bias[which] = -low
        return seeded.with_output(each, initial_bias=tuple(bias.tolist())) if min(share) > 0 else None

    def from_shares(each):
        bias = np.log(rng.dirichlet([3, 2, 2])) if each.task.labels != "multilabel" else rng.normal(-2, 1.5, 3)
        return seeded.with_output(each, initial_bias=tuple(bias.tolist()))

    broken = [each for each in map(sick_one, seeded.charts(300)) if each is not None]
    assert seeded.rate(SaturatedInitialBias(), broken) >= 0.9
    assert seeded.rate(SaturatedInitialBias(), map(from_shares, seeded.charts(300))) <= 0.01
    assert seeded.rate(SaturatedInitialBias(), seeded.charts(300)) == 0
