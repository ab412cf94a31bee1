from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from segmend.training.rungs import Rungs


def climbed(scores, *, stop_at=None, alive=lambda: True, epochs=None):
    """What was told, and the epoch after which training was to stop."""
    told = []

    def go_on(best, rung):
        told.append((rung, best))
        return rung != stop_at

    rungs = Rungs(go_on, alive=alive)
    rungs.set_params({"epochs": epochs or len(scores)})
    rungs.set_model(SimpleNamespace(stop_training=False))
    for epoch, score in enumerate(scores):
        rungs.on_epoch_end(epoch, {"val_objective": score})
        if rungs.model.stop_training:
            return told, epoch, rungs
    return told, None, rungs


def test_each_tenth_is_told_the_best_so_far():
    told, stopped, _ = climbed([0.1, 0.3, 0.2, 0.4, 0.4])
    best = [0.1, 0.1, 0.3, 0.3, 0.3, 0.3, 0.4, 0.4, 0.4, 0.4]
    assert told == list(zip(range(1, 11), best, strict=True))
    assert stopped is None


def test_of_many_epochs_only_those_are_told_that_reach_a_rung():
    told, _, _ = climbed([k / 40 for k in range(40)])
    assert told == [(rung, pytest.approx((4 * rung - 1) / 40)) for rung in range(1, 11)]


def test_it_ends_where_it_is_not_worth_going_on():
    told, stopped, rungs = climbed([0.1] * 5, stop_at=3)
    assert (told[-1][0], stopped, rungs.given_up, rungs.rung) == (3, 1, True, 3)


@pytest.mark.parametrize("rung", [9, 10])
def test_a_training_that_is_complete_is_told_at_every_rung_and_not_given_up(rung):
    told, stopped, rungs = climbed([0.1] * 5, stop_at=rung)
    assert (told[-1][0], stopped, rungs.given_up) == (10, None, False)


def test_a_score_that_is_no_number_tells_nothing_and_the_rungs_are_made_up_for():
    told, _, _ = climbed([math.nan, 0.2], epochs=2)
    assert told == [(rung, 0.2) for rung in range(1, 11)]


def test_it_ends_when_nobody_waits():
    told, stopped, rungs = climbed([0.1] * 10, alive=lambda: False)
    assert (told, stopped, rungs.given_up) == ([(1, 0.1)], 0, False)
