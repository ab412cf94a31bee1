import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.artifacts.history import History
from segmend.diagnosis.rules.model.overparameterised import Overparameterised, independent
from tests.diagnosis.rules.model import seeded
from tests.diagnosis.rules.model.recordings import STEPS, classified


def curve(loss, val_loss):
    return History(columns={"loss": tuple(loss), "val_loss": tuple(val_loss)})


BY_HEART = curve([1.0, 0.5, 0.2, 0.05, 0.04, 0.03], [1.0, 0.7, 0.6, 0.8, 0.9, 1.0])
LEARNT = curve([1.0, 0.7, 0.5, 0.4, 0.35, 0.3], [1.0, 0.8, 0.6, 0.5, 0.45, 0.4])


def _with(history, weights=1_000_000, task=STEPS):
    chart = classified(task=task)
    return dataclasses.replace(seeded.with_anatomy(chart, trainable_parameters=weights), history=history)


def sick():
    return _with(BY_HEART)


def healthy():
    return _with(LEARNT)


def _findings(chart):
    return list(Overparameterised().examine(chart))


def test_weights_items_and_losses_are_told():
    (finding,) = _findings(sick())
    items = independent(sick().fingerprint)
    assert finding.evidence["weights_per_item"] == 1_000_000 / items
    assert finding.evidence["loss"] == pytest.approx(0.04)
    assert (finding.evidence["val_loss"], finding.evidence["best_val_loss"]) == (pytest.approx(0.9), 0.6)
    assert finding.severity is Severity.ERROR
    assert finding.remedies[0].edits == {"model.filters": 4}


@pytest.mark.parametrize(
    ("history", "weights", "fires"),
    [
        (BY_HEART, 1_000_000, True),
        (BY_HEART, 1_000, False),
        (LEARNT, 1_000_000, False),
        (curve([1.0, 0.1, 0.1], [1.0, 0.9, 0.9]), 1_000_000, False),
        (curve([0.1, 0.1], [1.0, 2.0]), 1_000_000, False),
        (History(columns={"loss": (1.0, 0.1, 0.01)}), 1_000_000, False),
        (curve([1.0, None, 0.1, 0.1, 0.1], [0.5, None, 1.0, 1.0, 1.0]), 1_000_000, True),
    ],
)
def test_both_must_hold(history, weights, fires):
    assert bool(_findings(_with(history, weights))) is fires


def test_how_often_it_fires():
    rng = np.random.default_rng(0)

    def trained(each, by_heart):
        epochs = int(rng.integers(15, 60))
        t = np.linspace(0, 1, epochs)
        noise = rng.normal(0, 0.02, (2, epochs))
        start = rng.uniform(0.6, 2)
        loss = start * np.exp(-rng.uniform(1, 3) * t) if not by_heart else start * np.exp(-rng.uniform(3, 6) * t)
        turn = rng.uniform(0.2, 0.5)
        rise = rng.uniform(0.4, 1.5) * np.maximum(t - turn, 0) if by_heart else rng.uniform(0, 0.1)
        held_out = (np.maximum(loss, start * np.exp(-3 * turn)) if by_heart else loss) + rise + 0.02
        columns = np.abs(np.stack([loss, held_out]) * (1 + noise))
        history = curve(*columns.tolist())
        weights = int(independent(each.fingerprint) * rng.uniform(120, 10_000))
        return dataclasses.replace(seeded.with_anatomy(each, trainable_parameters=weights), history=history)

    assert seeded.rate(Overparameterised(), (trained(each, True) for each in seeded.charts())) >= 0.9
    assert seeded.rate(Overparameterised(), (trained(each, False) for each in seeded.charts())) <= 0.01


def test_on_a_real_model():
    from segmend.anatomy import of_keras

    model = seeded.compiled("sparse_categorical_crossentropy")
    chart = dataclasses.replace(sick(), anatomy=of_keras(model))
    assert chart.anatomy.trainable_parameters == model.count_params()
    assert _findings(chart) == []
