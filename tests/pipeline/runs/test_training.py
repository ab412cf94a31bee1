"""What one training is made of."""

from __future__ import annotations

import time

import pytest

import segmend
from segmend import fingerprinting
from segmend.artifacts.history import History
from segmend.errors import InputError
from segmend.pipeline.runs.training import Listener, Training
from segmend.planning import Values
from segmend.training import HardWindows
from tests.pipeline import bursts


def planned(folder, seconds, **overrides):
    """A training of bursts that has so many seconds, by a plan that counts on five minutes."""
    data = segmend.load(bursts.write(folder / "data"))
    facts = fingerprinting.fingerprint(data, separability=False)
    plan = segmend.plan(facts, budget="5m", overrides={**bursts.SETTINGS, **overrides})
    return Training(data, facts, plan, folder, time.monotonic(), seconds, Listener())


@pytest.mark.parametrize("hard", [0.0, 0.3])
def test_hard_windows_are_looked_for_where_the_plan_asks_for_them(tmp_path, monkeypatch, hard):
    given = {}

    def fit(model, batches, settings, **options):
        given.update(options, batches=batches)
        return History(columns={}, best_epoch=None, stopped_because="")

    monkeypatch.setattr("segmend.training.fit", fit)
    training = planned(tmp_path, 300.0, hard=hard)
    training._members(Values.of(training.plan), training.facts)
    watchers = [callback for callback in given["callbacks"] if isinstance(callback, HardWindows)]
    assert [watcher.batches for watcher in watchers] == ([given["batches"]] if hard else [])


def test_a_budget_that_prediction_alone_would_take_is_too_small_and_nothing_is_trained(tmp_path, monkeypatch):
    monkeypatch.setattr("segmend.pipeline.runs.judging.clocked", lambda work: 140.0)
    training = planned(tmp_path, 300.0)
    with pytest.raises(InputError, match=r"budget: too small to train: .* and the 340 s of prediction, .* 300 s"):
        training._members(Values.of(training.plan), training.facts)


def test_a_network_that_nothing_follows_is_refused_no_time_but_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr("segmend.pipeline.runs.judging.clocked", lambda work: 100.0)
    training = planned(tmp_path, 0.0)
    with pytest.raises(InputError, match=r"expected more than the \d+ s of getting ready\. Received 0 s"):
        training.network()


@pytest.mark.parametrize(("alone", "seconds"), [(True, 300.0), (False, 25.0)])
def test_what_follows_a_network_has_its_time_and_where_nothing_follows_none(tmp_path, monkeypatch, alone, seconds):
    given = []

    def fit(model, batches, settings, **options):
        given.append(settings.seconds)
        return History(columns={}, best_epoch=None, stopped_because="")

    monkeypatch.setattr("segmend.pipeline.runs.judging.clocked", lambda work: 100.0)
    monkeypatch.setattr("segmend.training.fit", fit)
    training = planned(tmp_path, 300.0)
    training.network() if alone else training._members(Values.of(training.plan), training.facts)
    assert given == [pytest.approx(seconds)]
