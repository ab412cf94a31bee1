import dataclasses

import keras
import numpy as np
import pytest

from segmend.anatomy import of_keras
from segmend.artifacts.finding import Severity
from segmend.diagnosis.rules.model.focal_alpha_ignored import FocalAlphaIgnored
from tests.diagnosis.charts import charted, heartbeats
from tests.diagnosis.rules.model import seeded
from tests.diagnosis.rules.model.anatomies import anatomy, chart

BINARY, CATEGORICAL = "BinaryFocalCrossentropy", "CategoricalFocalCrossentropy"


def _with(loss=BINARY, **config):
    return chart(anatomy=anatomy("sigmoid", loss=loss, config=config))


def sick():
    return _with(alpha=0.9, apply_class_balancing=False)


def healthy():
    return _with(alpha=0.9, apply_class_balancing=True)


def _findings(given):
    return list(FocalAlphaIgnored().examine(given))


@pytest.mark.parametrize(
    ("loss", "fires"),
    [
        (keras.losses.BinaryFocalCrossentropy(alpha=0.9), True),
        (keras.losses.BinaryFocalCrossentropy(alpha=0.9, apply_class_balancing=True), False),
        (keras.losses.BinaryFocalCrossentropy(), False),
        (keras.losses.BinaryFocalCrossentropy(gamma=3.0), False),
        (keras.losses.CategoricalFocalCrossentropy(), False),
        (keras.losses.CategoricalFocalCrossentropy(alpha=4.0), True),
        (keras.losses.CategoricalFocalCrossentropy(alpha=[2.0, 2.0, 2.0]), True),
        (keras.losses.CategoricalFocalCrossentropy(alpha=[0.2, 1.0, 4.0]), False),
        (keras.losses.BinaryCrossentropy(), False),
        ("binary_focal_crossentropy", False),
    ],
)
def test_real_losses(loss, fires):
    facts = of_keras(seeded.compiled(loss, layers=[keras.layers.Dense(2)]))
    assert bool(_findings(dataclasses.replace(sick(), anatomy=facts))) is fires


def test_keras_does_not_use_alpha_by_itself():
    true, said = np.array([[1.0, 0.0, 0.0]]), np.array([[0.3, 0.6, 0.2]])
    losses = [float(keras.losses.BinaryFocalCrossentropy(alpha=alpha)(true, said)) for alpha in (0.1, 0.9)]
    assert losses[0] == losses[1]


def test_way_out_is_worked_out_from_the_shares():
    (finding,) = _findings(sick())
    assert finding.severity is Severity.INFO, "nothing is missed"
    rare = min(facts.step_share for facts in sick().fingerprint.classes)
    assert f"alpha={1 - rare:.2f}" in finding.remedies[0].advice
    (finding,) = _findings(_with(CATEGORICAL, alpha=4.0))
    weights = finding.remedies[0].advice.split("[")[1].split("]")[0].split(", ")
    assert len(weights) == 4
    assert float(weights[2]) == max(map(float, weights)), "QRS is the rarest"


def test_severity_is_what_missed_items_cost():
    truth = heartbeats()
    given = charted(truth, [np.where(rows == 2, 0, rows) for rows in truth])
    (finding,) = _findings(dataclasses.replace(given, anatomy=sick().anatomy))
    assert finding.severity is Severity.ERROR


def test_how_often_it_fires():
    rng = np.random.default_rng(0)

    def focal(each, useful):
        if rng.random() < 0.5:
            config = {"alpha": float(rng.uniform(0.3, 0.99)), "apply_class_balancing": useful}
            return seeded.with_loss(each, name=BINARY, config=config)
        alpha = rng.uniform(0.3, 9, 3).tolist() if useful else float(rng.uniform(0.3, 9))
        return seeded.with_loss(each, name=CATEGORICAL, config={"alpha": alpha})

    assert seeded.rate(FocalAlphaIgnored(), (focal(each, False) for each in seeded.charts())) == 1
    assert seeded.rate(FocalAlphaIgnored(), (focal(each, True) for each in seeded.charts())) == 0
    assert seeded.rate(FocalAlphaIgnored(), seeded.charts()) == 0
