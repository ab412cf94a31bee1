"""The schedule, on a clock that the test turns."""

from __future__ import annotations

import math
from types import SimpleNamespace

import keras
import pytest

from segmend.training.best import KeepBest
from segmend.training.pace import Pace, rate
from segmend.training.settings import Settings
from segmend.training.timing import divide


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def pace(clock=None, epochs=10, **settings):
    made = Pace(Settings(learning_rate=1.0, **settings), epochs=epochs, started=100.0, clock=clock or Clock())
    made.set_model(SimpleNamespace(optimizer=keras.optimizers.SGD(0.5), stop_training=False))
    return made


def test_the_rate_rises_then_falls_to_nothing():
    rates = [rate(used / 100, "cosine", 0.1) for used in range(101)]
    assert rates[:11] == sorted(rates[:11])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] == pytest.approx(0)


def test_the_rate_follows_the_clock_where_that_runs_faster_than_the_steps():
    clock = Clock()
    slow = pace(clock, seconds=100.0, warmup=0.0)
    clock.now = 180.0
    slow.on_epoch_begin(2)
    logs = {}
    slow.on_epoch_end(2, logs)
    assert logs["learning_rate"] == pytest.approx(rate(0.85, "cosine", 0.0), rel=1e-5)


def test_a_training_in_good_time_follows_its_steps_alone():
    rates = []
    for compiling, epoch_s in ((10.0, 1.0), (30.0, 5.0)):
        clock = Clock()
        made = pace(clock, seconds=100.0)
        clock.now += compiling
        made.on_train_begin()
        for epoch in range(10):
            made.on_epoch_begin(epoch)
            rates.append(made.rate)
            clock.now += epoch_s
            made.on_epoch_end(epoch, {"loss": 1.0})
        assert made.stopped_because is None
    assert rates[:10] == rates[10:]


def test_training_stops_when_another_epoch_would_not_fit():
    clock = Clock()
    made = pace(clock, seconds=100.0)
    for epoch, now in enumerate((140.0, 150.0, 160.0, 172.0, 184.0)):  # the first epoch compiles
        made.on_epoch_begin(epoch)
        clock.now = now
        made.on_epoch_end(epoch, {"loss": 1.0})
        assert not made.model.stop_training
    made.on_epoch_begin(5)
    clock.now = 195.0
    made.on_epoch_end(5, {"loss": 1.0})
    assert made.model.stop_training
    assert made.stopped_because == "the budget is used up"


def test_a_broken_loss_stops_training():
    made = pace()
    made.on_epoch_begin(0)
    made.on_epoch_end(0, {"loss": math.nan})
    assert made.model.stop_training
    assert made.stopped_because == "the loss is not finite"


def test_validation_takes_no_more_than_a_quarter():
    steps, epochs = divide(60.0, step=0.05, validation=3.0, settings=Settings(steps=10_000, epochs=40))
    assert epochs * 3.0 <= 15.0
    assert steps * 0.05 + epochs * 3.0 <= 60.0


def test_an_undefined_score_neither_counts_nor_hides_later_ones():
    weights = {"now": 0}
    best = KeepBest(monitor="score", mode="max", patience=3, restore_best_weights=True)
    best.set_model(
        SimpleNamespace(
            get_weights=lambda: weights["now"], set_weights=lambda w: weights.update(restored=w), stop_training=False
        )
    )
    best.on_train_begin()
    for epoch, score in enumerate([math.nan, 0.2, 0.6, 0.5, math.nan]):
        weights["now"] = epoch
        best.on_epoch_end(epoch, {"score": score})
    best.on_train_end()
    assert weights["restored"] == 2
