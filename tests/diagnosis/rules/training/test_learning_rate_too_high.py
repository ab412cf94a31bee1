import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.diagnosis.rules.training.learning_rate_too_high import LearningRateTooHigh
from tests.diagnosis.rules.training import simulated, test_diverged, test_oscillating, test_underfitting

RULE = LearningRateTooHigh()
FAST = [("Adam", 0.02), ("Adam", 0.5), ("AdamW", 0.1), ("SGD", 0.5), ("SGD", 3.0), ("RMSprop", 0.03)]


def sick():
    return dataclasses.replace(test_oscillating.sick(), anatomy=simulated.anatomy(rate=0.05))


def healthy():
    return dataclasses.replace(test_oscillating.healthy(), anatomy=simulated.anatomy(rate=0.05))


def test_times_the_usual_rate_by_hand():
    (finding,) = RULE.examine(sick())
    assert finding.evidence["times"] == pytest.approx(50) and finding.evidence["usual"] == 0.001
    assert finding.severity is Severity.WARNING
    assert "keras.optimizers.Adam(learning_rate=0.001)" in finding.remedies[0].advice


@pytest.mark.parametrize(
    ("builder", "shows_as", "grade"),
    [
        (test_diverged.sick, "diverged", Severity.ERROR),
        (test_oscillating.sick, "oscillating", Severity.WARNING),
        (test_underfitting.sick, "underfitting", Severity.WARNING),
    ],
)
def test_what_shows_it(builder, shows_as, grade):
    chart = builder()
    assert list(RULE.examine(dataclasses.replace(chart, anatomy=simulated.anatomy(rate=0.003)))) == []
    (finding,) = RULE.examine(dataclasses.replace(chart, anatomy=simulated.anatomy(rate=0.1)))
    assert (finding.evidence["shows_as"], finding.severity) == (shows_as, grade)


def test_the_highest_rate_of_the_history_counts():
    columns = {"loss": test_oscillating.sick().history.columns["loss"], "learning_rate": np.geomspace(0.1, 1e-5, 30)}
    (finding,) = RULE.examine(simulated.chart(columns, anatomy=simulated.anatomy(rate=1e-5)))
    assert finding.evidence["learning_rate"] == pytest.approx(0.1)


def _seeded(seed):
    chart = [test_diverged, test_oscillating, test_underfitting][seed % 3]._seeded(3 * seed + 1)
    name, rate = FAST[seed % len(FAST)]
    return dataclasses.replace(chart, anatomy=simulated.anatomy(chart.task, optimizer=name, rate=rate))


def _healthy(seed):
    """Also healthy with a rate that is high."""
    chart = simulated.healthy_chart(seed)
    name, rate = FAST[seed % len(FAST)]
    return dataclasses.replace(chart, anatomy=simulated.anatomy(chart.task, optimizer=name, rate=rate))


def test_fires_on_seeded_trainings_and_is_silent_on_healthy_ones():
    assert simulated.fires(RULE, map(_seeded, range(simulated.SEEDS))) >= 0.9
    assert simulated.fires(RULE, map(_healthy, range(simulated.SEEDS))) <= 0.01
    assert simulated.silent_on_healthy(RULE)


def test_on_a_real_training():
    import keras

    import segmend

    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(64, 20)).astype("float32")
    y = (x[:, 0] > 0).astype(int)

    def told(rate):
        layers = [keras.layers.Dense(32, activation="relu"), keras.layers.Dense(2, activation="softmax")]
        model = keras.Sequential([keras.Input((20,)), *layers])
        model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
        history = model.fit(x, y, batch_size=8, epochs=20, verbose=0)
        return {finding.rule for finding in segmend.diagnose(model, x, y, history=history, preview=True).findings}

    assert "learning-rate-too-high" in told(3.0)
    assert "learning-rate-too-high" not in told(0.003)
