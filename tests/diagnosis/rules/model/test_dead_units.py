import dataclasses

import keras
import numpy as np
import pytest
from keras import layers

from segmend.anatomy import of_keras
from segmend.anatomy.activity import with_activity
from segmend.artifacts.finding import Severity
from segmend.diagnosis.rules.model.dead_units import DeadUnits
from tests.diagnosis.rules.model import seeded
from tests.diagnosis.rules.model.recordings import classified


def _silent(silent=14, units=16, wrong=0.4):
    chart = classified(wrong=wrong)
    first, second = chart.anatomy.layers
    layers_ = (first, second.model_copy(update={"units": units, "silent": silent}))
    return seeded.with_anatomy(chart, layers=layers_, activity_on=12)


def sick():
    return _silent()


def healthy():
    return _silent(5)


def _findings(chart):
    return list(DeadUnits().examine(chart))


def test_units_that_are_no_number_are_not_dead():
    chart = sick()
    first, second = chart.anatomy.layers
    broken = (first, second.model_copy(update={"non_finite": 3}))
    assert not _findings(seeded.with_anatomy(chart, layers=broken))


@pytest.mark.parametrize(
    ("silent", "units", "fires"),
    [(14, 16, True), (12, 16, True), (11, 16, False), (7, 8, False), (8, 8, True), (3, 3, False), (0, 64, False)],
)
def test_shares(silent, units, fires):
    assert bool(_findings(_silent(silent, units))) is fires


def test_layer_and_units_are_told():
    (finding,) = _findings(sick())
    assert finding.where == {"layer": "second"}
    assert finding.evidence["silent"] == {"second": 14}
    (finding,) = _findings(_silent(wrong=0.0))
    assert finding.severity is Severity.INFO, "it does without them"
    (finding,) = _findings(_silent(16, wrong=0.0))
    assert finding.severity is Severity.WARNING


def _watch(*body, steps=100, shape=(None, 2)):
    model = keras.Sequential([keras.Input(shape), *body, layers.Dense(3, activation="softmax")])
    x = np.random.default_rng(0).normal(size=(4, steps, 2)).astype("float32")
    return with_activity(of_keras(model), model, x)


def _low(low):
    return keras.initializers.Constant(low)


@pytest.mark.parametrize(
    ("body", "silent"),
    [
        ([layers.Conv1D(16, 3, activation="relu", bias_initializer=_low([-99.0] * 13 + [0.0] * 3))], 13),
        ([layers.Dense(16, bias_initializer=_low(-99.0)), layers.ReLU()], 16),
        ([layers.Dense(16, bias_initializer=_low(-99.0)), layers.Activation("relu")], 16),
        ([layers.Dense(16, bias_initializer=_low(-99.0)), layers.ReLU(negative_slope=0.1)], None),
        ([layers.Dense(16, bias_initializer=_low(-99.0), activation="gelu")], None),
        ([layers.Conv1D(16, 3, activation="relu")], 0),
    ],
)
def test_real_models_are_watched(body, silent):
    facts = _watch(*body)
    found = [layer.silent for layer in facts.layers if layer.units]
    assert found == ([] if silent is None else [silent])
    assert (facts.activity_on is None) is (silent is None)
    if silent is not None:
        assert bool(_findings(dataclasses.replace(sick(), anatomy=facts))) is (silent >= 12)


def test_recordings_of_another_size_and_few_values_are_left_out():
    relu = layers.Conv1D(16, 3, activation="relu")
    assert _watch(relu, shape=(50, 2)).activity_on is None
    assert [layer.units for layer in _watch(relu, steps=10).layers] == [None, None]


def test_how_often_it_fires():
    rng = np.random.default_rng(0)

    def spoilt(each):
        k = int(rng.integers(len(each.anatomy.layers)))
        found = list(each.anatomy.layers)
        units = found[k].units
        found[k] = found[k].model_copy(update={"silent": int(np.ceil(rng.uniform(0.78, 1) * units))})
        return seeded.with_anatomy(each, layers=tuple(found))

    assert seeded.rate(DeadUnits(), map(spoilt, seeded.charts())) >= 0.9
    assert seeded.rate(DeadUnits(), seeded.charts()) == 0


def test_untrained_layers_on_input_far_from_zero_are_healthy():
    fired = 0
    for seed in range(12):
        keras.utils.set_random_seed(seed)
        model = keras.Sequential([keras.Input((64, 64, 3)), layers.Conv2D(32, 3, activation="relu")])
        x = np.random.default_rng(seed).uniform(0, 255, (1, 64, 64, 3)).astype("float32")
        facts = with_activity(of_keras(model), model, x)
        fired += bool(_findings(dataclasses.replace(sick(), anatomy=facts)))
    assert fired == 0
