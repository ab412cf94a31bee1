"""Looks at a clock that the work itself turns."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from segmend.training import timing
from segmend.training.settings import Settings
from segmend.training.timing import TooLittleTimeError, affordable


class Work:
    """A model whose steps take ``step`` seconds and the first one ``compiles`` more, and its validation."""

    def __init__(self, step, compiles, validation):
        self.step, self.compiles, self.validation = step, compiles, validation
        self.now, self.measured = 100.0, 0
        self.fitted = []
        self.optimizer = SimpleNamespace(learning_rate=1.0)

    def fit(self, batches, **_):
        self.now += batches.steps * self.step + (0 if self.fitted else self.compiles)
        self.fitted.append(batches.steps)

    def measure(self):
        self.now += self.validation + (0 if self.measured else self.compiles)
        self.measured += 1


def planned(monkeypatch, work, seconds, *, spent=0.0, callbacks=None):
    monkeypatch.setattr(timing, "time", SimpleNamespace(monotonic=lambda: work.now))
    settings = Settings(steps=5000, epochs=10, seconds=seconds, learning_rate=0.1)
    judges = [work] if callbacks is None else callbacks
    return affordable(work, SimpleNamespace(steps=0), settings, callbacks=judges, started=100.0 - spent)


def test_quick_steps_are_timed_by_several_and_validation_without_its_compiling(monkeypatch):
    work = Work(step=0.1, compiles=2, validation=0.5)
    steps, epochs = planned(monkeypatch, work, 100)
    assert (work.fitted, work.measured) == ([1, 1, 6], 2)
    assert work.now == pytest.approx(100 + 2 + 0.8 + 2 + 1)
    assert (steps, epochs) == (int((100 - 5.8 - 5) / 0.1), 10)
    assert work.optimizer.learning_rate == pytest.approx(0.01)


def test_slow_work_is_looked_at_once(monkeypatch):
    work = Work(step=1, compiles=4, validation=2)
    steps, epochs = planned(monkeypatch, work, 50)
    assert (work.fitted, work.measured) == ([1, 1], 1)
    assert epochs == int(0.25 * (50 - 12) / 6)
    assert steps == 38 - 6 * epochs


@pytest.mark.parametrize(("spent", "fitted", "measured"), [(20, [], 0), (16, [1], 0), (13, [1, 1], 1)])
def test_it_ends_as_soon_as_the_seconds_are_gone(monkeypatch, spent, fitted, measured):
    work = Work(step=1, compiles=4, validation=2)
    with pytest.raises(
        TooLittleTimeError, match=r"expected time to train beyond the 2\d s of getting ready\. Received 20"
    ):
        planned(monkeypatch, work, 20, spent=spent)
    assert (work.fitted, work.measured) == (fitted, measured)


def test_a_validation_that_was_on_the_clock_is_believed(monkeypatch):
    work = Work(step=1, compiles=0, validation=2)
    judge = SimpleNamespace(lasted=2.0, measure=work.measure)
    assert planned(monkeypatch, work, 42, callbacks=[judge]) == (30, 5)
    assert work.measured == 0
