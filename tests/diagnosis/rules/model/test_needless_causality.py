import dataclasses

import keras
import numpy as np
import pytest
from keras import layers

from segmend.anatomy import of_keras
from segmend.artifacts.finding import Severity
from segmend.diagnosis.rules.model.needless_causality import NeedlessCausality
from tests.diagnosis.rules.model import seeded
from tests.diagnosis.rules.model.rows_of_items import items, late


def _late(by=8, **parts):
    return items(lambda steps, rng: late(steps, by), **{"left": -30, "right": 0, **parts})


def sick():
    return _late()


def healthy():
    return _late(0)


def _findings(chart):
    return list(NeedlessCausality().examine(chart))


def test_delay_and_length_are_told():
    (finding,) = _findings(sick())
    assert finding.evidence["start_delay_steps"] == finding.evidence["stop_delay_steps"] == 8
    assert finding.severity is Severity.ERROR
    assert 'padding="same"' in finding.remedies[0].advice
    assert "delayed by 8 steps" in finding.remedies[1].advice


@pytest.mark.parametrize(
    ("parts", "fires"),
    [
        ({"by": 8}, True),
        ({"by": 1}, False),
        ({"by": 8, "right": 3}, False),
        ({"by": 8, "right": None}, False),
        ({"by": 8, "left": None}, True),
        ({"by": 8, "left": 0}, False),
    ],
)
def test_only_a_late_model_that_looks_back(parts, fires):
    assert bool(_findings(_late(**parts))) is fires


@pytest.mark.parametrize(
    ("body", "fires"),
    [
        ([layers.Conv1D(4, 9, padding="causal"), layers.Conv1D(4, 9, padding="causal", dilation_rate=2)], True),
        ([layers.GRU(4, return_sequences=True)], True),
        ([layers.Bidirectional(layers.GRU(4, return_sequences=True))], False),
        ([layers.Conv1D(4, 9, padding="same")], False),
        ([layers.Conv1D(4, 9, padding="causal"), layers.Conv1D(4, 9, padding="same")], False),
    ],
)
def test_real_models(body, fires):
    model = keras.Sequential([keras.Input((None, 1)), *body, layers.Dense(2, activation="softmax")])
    found = _findings(dataclasses.replace(sick(), anatomy=of_keras(model)))
    assert bool(found) is fires
    if found and "gru" in body[0].name:
        assert "Bidirectional" in found[0].remedies[0].advice


def test_how_often_it_fires():
    rng = np.random.default_rng(0)

    def case(share, **parts):
        length = int(rng.integers(12, 60))
        given = {"length": length, "gap": int(rng.uniform(0.9, 2) * length), "number": 8, "recordings": 3}
        return _late(round(share * length), **given, seed=int(rng.integers(1000)), **parts)

    fires = [bool(_findings(case(rng.uniform(0.4, 0.7)))) for _ in range(40)]
    silent = [_findings(case(0.0)) for _ in range(40)] + [_findings(case(0.3, right=9)) for _ in range(40)]
    assert np.mean(fires) >= 0.9
    assert sum(map(bool, silent)) == 0
    assert seeded.rate(NeedlessCausality(), seeded.charts(500)) == 0
