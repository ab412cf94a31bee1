import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.diagnosis.rules.training.overfitting import Overfitting
from tests.diagnosis.rules.training import simulated

RULE = Overfitting()


def _rising(epochs=30, *, turn=0.3, rise=1.0, rng=None, noise=0.0):
    """A U-shaped validation loss beside a training loss that goes to nothing."""
    rng = rng or np.random.default_rng(0)
    past = np.maximum(0.0, np.arange(epochs) / epochs - turn) / (1 - turn)
    loss = simulated.falling(epochs, floor=0.01, halts=4 / max(turn, 0.2))
    val = simulated.falling(epochs, floor=0.4, halts=4 / max(turn, 0.05)) + 0.4 * rise * past
    return {"loss": simulated.noisy(rng, loss, noise), "val_loss": simulated.noisy(rng, val, noise)}


def sick():
    return simulated.chart(_rising())


def healthy():
    loss = simulated.falling(30)
    return simulated.chart({"loss": loss, "val_loss": 1.1 * loss})


def test_the_best_epoch_and_the_rise_by_hand():
    val = [1.0, 0.6, 0.4, 0.4, 0.4, 0.5, 0.6, 0.8, 0.8, 0.8]
    (finding,) = RULE.examine(simulated.chart({"loss": np.linspace(1, 0.1, 10), "val_loss": val}))
    assert finding.evidence["val_loss_best"] == pytest.approx(0.4)
    assert finding.evidence["best_epoch"] == 3
    assert finding.evidence["rise"] == pytest.approx(1.0)
    assert "rises by 100 % to 0.80" in finding.message
    assert "for 3 epochs" in finding.remedies[0].advice


def test_severity_is_what_the_score_loses():
    columns = _rising(20)
    for lost, grade in ((0.2, Severity.ERROR), (0.05, Severity.WARNING), (0.0, Severity.INFO)):
        score = np.r_[np.full(10, 0.8), np.full(10, 0.8 - lost)]
        told = {**columns, "accuracy": np.full(20, 0.81 - lost), "val_accuracy": score}
        (finding,) = RULE.examine(simulated.chart(told))
        assert finding.severity is grade
        assert finding.evidence["score_lost"] == pytest.approx(lost)


def test_it_is_for_information_where_the_best_epoch_was_kept():
    (finding,) = RULE.examine(simulated.chart(_rising(), best=8))
    assert finding.severity is Severity.INFO and finding.remedies[0].name == "regularise"


def test_a_loss_that_rises_on_both_is_something_else():
    up = np.linspace(0.3, 3.0, 20)
    assert list(RULE.examine(simulated.chart({"loss": up, "val_loss": up}))) == []


def test_without_validation_nothing_is_said():
    assert list(RULE.examine(simulated.chart({"loss": simulated.falling(20)}))) == []


def test_of_several_networks_the_worst_is_told():
    columns = {name: np.r_[healthy().history.columns[name], values] for name, values in _rising().items()}
    (finding,) = RULE.examine(simulated.chart({"member": [1] * 30 + [2] * 30, **columns}))
    assert finding.evidence["member"] == 2


def _seeded(seed):
    rng = np.random.default_rng(seed)
    epochs = simulated.epochs_of(rng, 8)
    columns = _rising(epochs, turn=rng.uniform(0, 0.6), rise=rng.uniform(0.3, 4), rng=rng, noise=rng.uniform(0, 0.08))
    if rng.random() < 0.1:
        columns["val_loss"][rng.integers(epochs)] = np.nan
    return simulated.chart(columns, task=simulated.TASKS[seed % 8])


def test_fires_on_seeded_trainings_and_is_silent_on_healthy_ones():
    assert simulated.fires(RULE, map(_seeded, range(simulated.SEEDS))) >= 0.9
    assert simulated.silent_on_healthy(RULE)


def test_on_a_real_training():
    import keras

    import segmend

    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x, xv = rng.normal(size=(24, 40)).astype("float32"), rng.normal(size=(60, 40)).astype("float32")
    y, yv = (x[:, 0] + rng.normal(size=24) > 0).astype(int), (xv[:, 0] + rng.normal(size=60) > 0).astype(int)
    layers = [keras.layers.Dense(64, activation="relu"), keras.layers.Dense(2, activation="softmax")]
    model = keras.Sequential([keras.Input((40,)), *layers])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(x, y, validation_data=(xv, yv), epochs=40, verbose=0)
    diagnosis = segmend.diagnose(model, x, y, validation_data=(xv, yv), history=history, preview=True)
    assert "overfitting" in {finding.rule for finding in diagnosis.findings}
    assert diagnosis.chart.history.planned_epochs == 40 and diagnosis.chart.history.steps_per_epoch == 1
