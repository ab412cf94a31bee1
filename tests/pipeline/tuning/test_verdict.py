from __future__ import annotations

import dataclasses
import math
import time
from types import MappingProxyType

import numpy as np
import optuna
import pytest

from segmend.artifacts.history import History
from segmend.artifacts.plan import Choice, Plan
from segmend.artifacts.study import StudyTrial
from segmend.core.task import Task
from segmend.errors import InputError
from segmend.pipeline.tuning.search import Asked, Search
from segmend.pipeline.tuning.verdict import confirm, tuned_plan, verdict_of, weighed
from segmend.pipeline.tuning.wanted import wanted_text
from segmend.planning import make
from segmend.planning.picked import for_any_budget, names_of
from segmend.planning.space import Tunable
from segmend.training.not_finite import NotFiniteError
from segmend.training.timing import TooLittleTimeError

PLANNED = StudyTrial(number=0, state="complete", picks={"model.filters": "32", "loss.dice": "1.0"}, objective=0.80)
BEST = StudyTrial(number=7, state="complete", picks={"model.filters": "64", "loss.dice": "1.0"}, objective=0.85)


def test_a_search_looks_at_train_and_val_alone_and_is_judged_by_the_objective(search):
    assert {recording.name for recording in search.data.recordings} == {"r0", "r1", "r2", "r3", "r4"}
    assert set(search.data.split) == {"train", "val"}
    metric = search.plan.choices["validation"]["metric"]
    assert (metric.value, metric.source) == ("segment_f1@50", "--objective")


def test_what_was_asked_for_survives_json(search):
    told = {**search.asked.to_dict(), "data": "data"}
    assert Asked.from_dict(told).to_dict() == told


def test_the_plan_tells_what_each_changed_value_brought(search):
    confirmation = weighed(1, planned=(0.80, 0.81), best=(0.85, 0.83))
    plan = tuned_plan(search, BEST, confirmation, 40)
    filters = plan.choices["model"]["filters"]
    assert (filters.value, filters.source) == (64, "tune")
    assert filters.because == (
        "chosen by 40 trials: +2.5 points of segment_f1@50 over the planned values (0.85 and 0.83 against 0.8 and 0.81 "
        "on validation, by two seeds); planned was 32"
    )
    assert plan.choices["loss"] == search.plan.choices["loss"]
    both = StudyTrial(number=8, state="complete", picks={"model.filters": "16", "loss.dice": "0.0"}, objective=0.85)
    assert (
        ", together with 1 other change (" in tuned_plan(search, both, confirmation, 40).choices["loss"]["dice"].because
    )


def test_the_verdict_is_a_sentence(search):
    told = verdict_of(search, PLANNED, BEST, weighed(1, (0.80, 0.81), (0.85, 0.83)), 40)
    assert told == (
        "+2.5 points of segment_f1@50 over the planned values: trial 7 gave 0.85 and, trained again by seed 1, 0.83; "
        "the planned values 0.8 and 0.81"
    )
    told = verdict_of(search, PLANNED, BEST, weighed(1, (0.80, 0.84), (0.85, 0.83)), 40)
    assert told.startswith("nothing better was found in 40 trials: trial 7 gave 0.85 and")
    assert told.endswith("+1.0 points of segment_f1@50 are not more than the 6.0 points that chance explains")
    assert verdict_of(search, PLANNED, PLANNED, None, 1).startswith(
        "nothing better was found in 1 trial: none gave more"
    )
    short = weighed(1, (0.80, None), (0.85, 0.83), because="the planned values trained again gave no number (why)")
    assert verdict_of(search, PLANNED, BEST, short, 40) == (
        "nothing better was found in 40 trials and confirmed: the planned values trained again gave no number (why); "
        "trial 7 gave 0.85 and, trained again by seed 1, 0.83; the planned values 0.8 and no number"
    )


class Trained:
    """In the place of ``Search.trained``: what comes of each call, and the seconds that it was given."""

    def __init__(self, monkeypatch, *outcomes):
        self.outcomes, self.seconds = list(outcomes), []
        monkeypatch.setattr(Search, "trained", lambda search, plan, seconds: self(plan, seconds))

    def __call__(self, plan, seconds):
        assert plan.choices["training"]["seed"].value == 1
        self.seconds.append(seconds)
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, BaseException):
            raise outcome
        return History(columns={"epoch": (1.0,), "val_objective": (outcome,)}, best_epoch=0)


@pytest.fixture
def study():
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna.create_study()


def confirmed(search, study, seconds=math.inf):
    return confirm(search, study, PLANNED, BEST, deadline=time.monotonic() + seconds)


def test_where_nothing_is_better_only_what_was_given_by_hand_is_handed_over(search):
    told = names_of(search.handed_over(search.plan, better=False))
    assert told == ["model.members", "validation.metric"]
    given = Plan(choices={"window": {"hop": search.plan.choices["window"]["hop"]}})
    asked = dataclasses.replace(search.asked, plan=given, objective=None)
    told = names_of(dataclasses.replace(search, asked=asked).handed_over(search.plan, better=False))
    assert told == ["window.hop", "model.members"]


def test_what_was_chosen_for_the_seconds_of_a_trial_is_planned_anew_for_those_of_a_training(search):
    """Filters and dice are tuned, so they stay; the rate follows from the segments, the rest of these from seconds."""
    handed = search.handed_over(search.plan_of({"model.filters": "64", "loss.dice": "1.0"}), better=True)
    gone = set(names_of(search.plan)) - set(names_of(handed))
    assert gone == {"model.dropout", "training.schedule", "training.average", "training.steps"}
    assert handed.choices["model"]["filters"].value == 64
    long, short = (make(search.facts, budget_s=seconds, given=handed) for seconds in (600, 60))
    assert [plan.choices["model"]["dropout"].value for plan in (long, short)] == [0.2, 0.1]


def test_what_follows_from_a_value_that_is_planned_anew_is_planned_anew_too(search):
    """Without filters among the keys they go, and so would a rate that was chosen for them."""
    rate = Choice(value=0.003, because="for 32 filters", source="model.filters")
    plan = Plan(choices={**search.plan.choices, "training": {**search.plan.choices["training"], "learning_rate": rate}})
    assert "training.learning_rate" in names_of(for_any_budget(plan, kept=["model.filters"]))
    assert not {"training.learning_rate", "model.filters"} & set(names_of(for_any_budget(plan, kept=[])))


def test_tiles_and_batches_that_a_partial_plan_names_follow_nothing(search):
    planned = search.plan.choices
    found = Tunable(MappingProxyType({"planned": planned["window"]["length"].value, "half": 32}))
    searched = dataclasses.replace(search, space={"window.length": found})
    batch = planned["training"]["batch_size"]
    for given, kept in (
        (None, False),
        (Plan(choices={"training": {"batch_size": batch}}), True),
        (search.plan, False),  # complete, as segmend plan writes them
    ):
        asked = dataclasses.replace(search.asked, plan=given)
        made = dataclasses.replace(searched, asked=asked).plan_of({"window.length": "half"})
        assert (made.choices["training"]["batch_size"] == batch) is kept


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (NotFiniteError("loss: expected a number. Received nan"), "loss: expected a number. Received nan"),
        (MemoryError("no room"), "MemoryError: no room"),
        (math.nan, "the objective was never a number"),
    ],
)
def test_a_training_that_fails_is_no_number_and_is_tried_again(search, study, monkeypatch, error, reason):
    trained = Trained(monkeypatch, 0.81, error)
    found = confirmed(search, study)
    assert (found.planned, found.best, found.confirmed) == ((0.80, 0.81), (0.85, None), False)
    assert found.because == f"the best values trained again gave no number ({reason})"
    assert found.because in verdict_of(search, PLANNED, BEST, found, 8)
    trained.outcomes = [0.83]
    assert confirmed(search, study).best == (0.85, 0.83)
    assert confirmed(search, study).confirmed
    assert trained.outcomes == []


def test_what_was_trained_before_an_interruption_is_not_trained_again(search, study, monkeypatch):
    trained = Trained(monkeypatch, 0.81, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        confirmed(search, study)
    trained.outcomes = [0.84]
    assert confirmed(search, study).planned == (0.80, 0.81)
    assert len(trained.seconds) == 3


def test_want_of_time_is_not_remembered_and_one_training_has_all_that_is_left(search, study, monkeypatch):
    trained = Trained(monkeypatch, 0.81, TooLittleTimeError("seconds"))
    found = confirmed(search, study, seconds=57)  # of a trial's 30 and 30
    assert found.because == "the best values trained again gave no number (there was no time for it)"
    assert confirmed(search, study, seconds=-1).best == (0.85, None)
    trained.outcomes = [0.84]
    assert confirmed(search, study, seconds=25).best == (0.85, 0.84)
    assert trained.seconds == pytest.approx([28.5, 30, 25], abs=0.5)


def test_trainings_that_were_cut_short_count_now_and_are_not_remembered(search, study, monkeypatch):
    trained = Trained(monkeypatch, 0.7, 0.84, 0.81, 0.83)
    assert confirmed(search, study, seconds=20).planned == (0.80, 0.7)
    assert confirmed(search, study).planned == (0.80, 0.81)
    assert trained.outcomes == []


@pytest.mark.parametrize(
    ("planned", "best", "confirmed"),
    [
        ((0.80, 0.80), (0.90, 0.81), True),
        ((0.80, 0.80), (0.90, 0.8015), False),  # less than 0.2 % of what there is
        ((0.80, 0.84), (0.90, 0.87), False),  # 0.05 over the mean, the planned ones lie 0.04 apart
        ((0.80, 0.84), (0.90, 0.89), True),
        ((0.80, 0.80), (0.90, 0.70), False),
        ((-3.0, -3.2), (-1.0, -1.5), True),
        ((0.80, None), (0.90, 0.95), False),
        ((0.80, 0.80), (0.90, None), False),
    ],
)
def test_a_gain_is_confirmed_where_chance_does_not_explain_it(planned, best, confirmed):
    assert weighed(1, planned, best).confirmed is confirmed


def test_one_study_in_six_passes_by_chance():
    draws = np.random.default_rng(0).normal(size=(4000, 3))
    passed = [weighed(1, (p, q), (9.0, b)).confirmed for p, q, b in draws.tolist()]
    assert np.mean(passed) == pytest.approx(1 / 6, abs=0.02)


def test_errors_that_stand_alone_are_made_small_and_unfit_scores_refused():
    signals, wholes = Task.named("segmentation", 3), Task.named("classification", 3)
    assert wanted_text("segment_f1@25 - 0.02*count_mae", signals) == "segment_f1@25 - 0.02*count_mae"
    assert wanted_text("2*count_mae", signals) == "- 2*count_mae"
    assert wanted_text("panoptic_quality", Task.named("segmentation", 3, rank=2)) == "panoptic_quality"
    assert wanted_text("macro_f1 + 0.5*accuracy", wholes) == "macro_f1 + 0.5*accuracy"
    with pytest.raises(InputError, match=r'expected a sum of macro_f1, accuracy, .* Received "segment_f1@50"'):
        wanted_text("segment_f1@50", wholes)
    with pytest.raises(InputError, match="did you mean"):
        wanted_text("segment_f2@50", signals)
