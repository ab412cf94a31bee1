"""What is judged and kept is the average; training goes on from the weights."""

from __future__ import annotations

import sys

import keras
import numpy as np
import pytest

from segmend.training import Settings, fit

# Keras 3.15 hands its variables to NumPy 2.4 without the copy keyword that NumPy asks for.
pytestmark = [
    pytest.mark.backend,
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),
]
STEPS, SHARE, RATE = 12, 0.5, 0.1


class Same(keras.utils.PyDataset):
    """The same batch again and again."""

    def __init__(self):
        super().__init__()
        self.steps = STEPS

    def __len__(self):
        return self.steps

    def __getitem__(self, number):
        return np.ones((1, 1), np.float32), np.ones((1, 1), np.float32)


class Weight(keras.callbacks.Callback):
    """Notes the one weight at the end of each epoch, which is the epoch's score."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append(float(self.model.get_weights()[0][0, 0]))
        logs["val_objective"] = self.seen[-1]


def by_hand(epochs):
    """Momentum SGD as Keras does it (nesterov), and its moving average, step by step."""
    weight = velocity = average = 0.0
    momentum = 1 - 1 / (SHARE * STEPS)
    averages = []
    for step in range(STEPS):
        gradient = -1.0  # of a loss that is minus the weight
        velocity = 0.9 * velocity - RATE * gradient
        weight += 0.9 * velocity - RATE * gradient
        average = weight if step == 0 else momentum * average + (1 - momentum) * weight
        if (step + 1) % (STEPS // epochs) == 0:
            averages.append(average)
    return averages, weight


def test_the_average_is_judged_and_kept_while_training_goes_on_from_the_weight():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    watched = Weight()
    settings = Settings(
        optimizer="sgd", learning_rate=RATE, schedule="constant", warmup=0.0, steps=STEPS, epochs=4, average=SHARE
    )
    fit(model, Same(), settings, loss=lambda y_true, y_pred: -keras.ops.mean(y_pred), callbacks=[watched])
    averages, _ = by_hand(4)
    np.testing.assert_allclose(watched.seen, averages, rtol=1e-5)
    assert float(model.get_weights()[0][0, 0]) == pytest.approx(averages[-1], rel=1e-5)


def test_without_a_score_the_model_can_be_used_all_the_same():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    settings = Settings(steps=STEPS, epochs=3, average=SHARE)
    fit(model, Same(), settings, loss="mse")
    for _ in range(2):
        assert np.isfinite(model.predict(np.ones((1, 1), np.float32), verbose=0)).all()
    fit(model, Same(), settings, loss="mse")


def test_averages_span_a_share_of_the_steps_that_the_seconds_hold(monkeypatch):
    monkeypatch.setattr(sys.modules[fit.__module__], "affordable", lambda *args, **options: (40, 4))
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    fit(model, Same(), Settings(steps=20_000, epochs=4, average=0.25, seconds=9.0), loss="mse")
    assert model.optimizer.ema_momentum == 0.9
