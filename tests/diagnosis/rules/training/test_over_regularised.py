import dataclasses

import numpy as np
import pytest

from segmend.diagnosis.rules.training.over_regularised import OverRegularised
from tests.diagnosis.rules.training import simulated, test_underfitting

RULE = OverRegularised()
STRONG = {
    "dropout": {"layers": [simulated.layer("Conv1D"), simulated.layer("Dropout", rate=0.8)]},
    "recurrent": {"layers": [simulated.layer("LSTM", dropout=0.7)]},
    "penalty": {"layers": [simulated.layer("Conv1D", penalty=0.1)]},
    "decay": {"optimizer": "AdamW", "weight_decay": 1.0},
    "noise": {"layers": [simulated.layer("GaussianNoise", stddev=3.0)]},
}


def _with(chart, means):
    return dataclasses.replace(chart, anatomy=simulated.anatomy(chart.task, **STRONG[means]))


def sick():
    return _with(test_underfitting.sick(), "dropout")


def healthy():
    return _with(test_underfitting.healthy(), "dropout")


@pytest.mark.parametrize("means", STRONG)
def test_each_means_is_told_with_its_strength(means):
    (finding,) = RULE.examine(_with(test_underfitting.sick(), means))
    ((kind, where, strength),) = finding.evidence["means"]
    assert strength >= finding.evidence["threshold"][kind] and where in finding.message
    assert list(RULE.examine(_with(test_underfitting.healthy(), means))) == []


def test_usual_means_are_not_guilty():
    chart = test_underfitting.sick()
    assert list(RULE.examine(dataclasses.replace(chart, anatomy=simulated.anatomy(weight_decay=0.01)))) == []


def test_training_that_is_worse_than_validation():
    loss = simulated.falling(20, floor=0.5)
    columns = {"loss": loss, "val_loss": 0.5 * loss}
    columns |= {"accuracy": np.full(20, 0.7), "val_accuracy": np.full(20, 0.85)}
    (finding,) = RULE.examine(_with(simulated.chart(columns), "dropout"))
    assert "in training the loss is 0.5" in finding.message and "0.85" in finding.message
    assert list(RULE.examine(_with(simulated.chart(columns), "penalty"))) == []


def _seeded(seed):
    return _with(test_underfitting._seeded(seed), list(STRONG)[seed % len(STRONG)])


def test_fires_on_seeded_trainings_and_is_silent_on_healthy_ones():
    assert simulated.fires(RULE, map(_seeded, range(simulated.SEEDS))) >= 0.9
    assert simulated.silent_on_healthy(RULE)


def test_on_a_real_training():
    import keras

    import segmend

    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(64, 20)).astype("float32")
    y = (x[:, 0] > 0).astype(int)

    def told(penalty):
        regularizer = keras.regularizers.L2(penalty)
        layers = [
            keras.layers.Dense(16, activation="relu", kernel_regularizer=regularizer),
            keras.layers.Dense(2, activation="softmax", kernel_regularizer=regularizer),
        ]
        model = keras.Sequential([keras.Input((20,)), *layers])
        model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
        history = model.fit(x, y, batch_size=8, epochs=20, verbose=0)
        return {finding.rule for finding in segmend.diagnose(model, x, y, history=history, preview=True).findings}

    assert {"over-regularised", "underfitting"} <= told(3.0)
    assert not {"over-regularised", "underfitting"} & told(1e-4)
