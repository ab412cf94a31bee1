import dataclasses

import keras
import numpy as np
import pytest
from keras import layers

import segmend
from segmend.artifacts.finding import Severity
from segmend.artifacts.separability import ClassSeparability, Separability
from segmend.diagnosis.rules.model.underparameterised import Underparameterised
from tests.diagnosis.rules.model import seeded
from tests.diagnosis.rules.model.recordings import STEPS, classified


def floor(macro_f1=0.9, features=30):
    each = ClassSeparability(name="a", auc=0.9, f1=macro_f1, recall=0.9)
    return Separability(
        auc=0.9,
        macro_f1=macro_f1,
        balanced_accuracy=0.9,
        classes=(each,) * 3,
        folds=5,
        folds_by="recordings",
        samples=1000,
        features=features,
        reach=(9,),
    )


def beside_a_linear_model(weights=40, wrong=0.6, **found):
    chart = classified(wrong=wrong, task=STEPS)
    fingerprint = chart.fingerprint.model_copy(update={"separability": floor(**found)})
    return dataclasses.replace(seeded.with_anatomy(chart, trainable_parameters=weights), fingerprint=fingerprint)


def sick():
    return beside_a_linear_model()


def healthy():
    return beside_a_linear_model(wrong=0.0)


def _findings(chart):
    return list(Underparameterised().examine(chart))


def test_both_models_are_told():
    (finding,) = _findings(sick())
    assert (finding.evidence["weights"], finding.evidence["threshold"]) == (40, 93)
    assert finding.evidence["linear_macro_f1"] == 0.9
    assert finding.severity is Severity.ERROR
    assert finding.remedies[0].edits == {"model.filters": 64}


@pytest.mark.parametrize(
    ("parts", "fires"),
    [
        ({}, True),
        ({"weights": 93}, False),
        ({"weights": 0}, False),
        ({"macro_f1": 0.5}, False),
        ({"macro_f1": None}, False),
        ({"wrong": 0.0}, False),
    ],
)
def test_fewer_weights_and_a_worse_answer(parts, fires):
    assert bool(_findings(beside_a_linear_model(**parts))) is fires


def test_whole_diagnosis():
    rng = np.random.default_rng(0)
    y = np.repeat(rng.integers(0, 4, (12, 10)), 20, axis=1)
    x = (np.eye(4)[y] + 0.3 * rng.normal(size=(*y.shape, 4))).astype("float32")
    body = [layers.Conv1D(1, 3, padding="same", activation="relu"), layers.Dense(4, activation="softmax")]
    model = keras.Sequential([keras.Input((None, 4)), *body])
    found = segmend.diagnose(model, x, y, background=None, preview=True).findings
    (finding,) = [finding for finding in found if finding.rule == "underparameterised"]
    assert finding.evidence["weights"] == model.count_params() < finding.evidence["threshold"]


def test_how_often_it_fires():
    rng = np.random.default_rng(0)

    def small(each, below):
        features = int(rng.integers(10, 80))
        reached = each.scores.step["macro_f1"]
        found = floor(
            min(1.0, reached + rng.uniform(0.06, 0.4)) if below else reached - rng.uniform(-0.04, 0.4), features
        )
        fingerprint = each.fingerprint.model_copy(update={"separability": found})
        weights = int(rng.uniform(0.05, 0.95) * 3 * features) if below or rng.random() < 0.5 else 9999
        return dataclasses.replace(seeded.with_anatomy(each, trainable_parameters=weights), fingerprint=fingerprint)

    poor = {"wrong": 0.4}
    assert seeded.rate(Underparameterised(), (small(each, True) for each in seeded.charts(**poor))) >= 0.9
    assert seeded.rate(Underparameterised(), (small(each, False) for each in seeded.charts(**poor))) <= 0.01
