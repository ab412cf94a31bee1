"""Training on bursts that a tiny network learns in a second."""

from __future__ import annotations

import io
import time

import keras
import numpy as np
import pytest

from segmend import losses
from segmend.callbacks import SegmentScore
from segmend.core.labels import Labels
from segmend.models import build
from segmend.prediction import predict
from segmend.training import Settings, WindowBatches, fit
from segmend.training.progress import EpochLines, ProgressBar
from segmend.training.windows import WindowIndex
from tests.training.bursts import bursts

# Keras 3.15 hands its variables to NumPy 2.4 without the copy keyword that NumPy asks for.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")


TRAIN, VALIDATION = [bursts(k) for k in range(3)], [bursts(9)]


def trained(settings, callbacks=(), validation=VALIDATION):
    keras.utils.set_random_seed(1)
    stages = [{"kernel": 5}, {"kernel": 3, "dilation": 2}, {"kernel": 3, "dilation": 4}]
    model = build({"stages": stages, "filters": 8, "norm": "batch"}, channels=1, classes=2)
    y_true = [labels for _, labels in TRAIN]
    batches = WindowBatches(
        [signal for signal, _ in TRAIN], y_true, WindowIndex(y_true, length=64, balanced=0.5), batch_size=8
    )
    score = SegmentScore(validation, labels=Labels.numbered(2), predict=lambda x: predict(model, x, 64, 44, align=1))
    history = fit(model, batches, settings, loss=losses.CrossEntropy() + losses.Dice(), callbacks=[score, *callbacks])
    return model, history, score


@pytest.fixture(scope="module")
def run():
    lines = []
    settings = Settings(learning_rate=0.02, steps=80, epochs=5, seed=3)
    return *trained(settings, [EpochLines(lines.append)]), lines


def test_it_learns_and_keeps_the_best_epoch(run):
    _, history, score, _ = run
    scores = history.columns["val_objective"]
    assert len(scores) == 5
    assert max(scores) > 0.8
    assert history.best_epoch == int(np.argmax(scores))
    assert score.measure()["val_objective"] == pytest.approx(max(scores))
    assert history.stopped_because == "all steps are done"


def test_a_penalty_is_in_the_loss():
    model, history, _ = trained(Settings(learning_rate=1e-9, steps=1, epochs=1, l1=2.0))
    kernels = [variable for variable in model.trainable_variables if variable.name.endswith("kernel")]
    penalty = 2 * sum(float(keras.ops.sum(keras.ops.abs(kernel))) for kernel in kernels)
    assert penalty < history.columns["loss"][0] < penalty + 5


def test_the_same_seed_gives_the_same_training(run):
    _, history, _, _ = run
    _, again, _ = trained(Settings(learning_rate=0.02, steps=80, epochs=5, seed=3))
    assert again.columns["loss"] == history.columns["loss"]


def test_the_learning_rate_is_logged_and_falls(run):
    rates = run[1].columns["learning_rate"]
    assert rates[-1] < rates[1] <= 0.02


def test_a_line_for_each_epoch(run):
    assert len(run[3]) == 5
    assert "segment F1@50" in run[3][-1]


def test_patience_ends_training():
    settings = Settings(learning_rate=1e-9, steps=60, epochs=20, patience=2)
    _, history, _ = trained(settings)
    assert len(history.columns["loss"]) <= 5
    assert history.stopped_because == "no better score for 2 epochs"


def test_seconds_end_training_and_the_bar_goes_away(monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr("sys.stderr", screen)
    bar = ProgressBar(seconds=6.0, started=time.monotonic())
    _, history, _ = trained(Settings(steps=10**6, epochs=10**4, patience=10**4, seconds=6.0), [bar])
    assert history.stopped_because == "the budget is used up"
    assert all(ended <= 6.0 for ended in history.columns["seconds"][:-1])
    assert "left" in bar.bar.tasks[0].description
    assert bar.bar.finished or not bar.bar.live.is_started


def test_an_undefined_validation_score_leaves_the_last_weights():
    silent = [(signal, np.zeros(len(signal), int)) for signal, _ in VALIDATION]
    settings = Settings(learning_rate=1e-9, steps=2, epochs=1)
    _, history, _ = trained(settings, validation=silent)
    assert history.best_epoch in (None, 0)
