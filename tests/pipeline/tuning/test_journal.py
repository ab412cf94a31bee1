from __future__ import annotations

import dataclasses
import math

import pytest
from optuna.trial import TrialState

from segmend.pipeline.tuning import journal
from segmend.pipeline.tuning.performing import picked
from segmend.pipeline.tuning.picking import grid_size
from segmend.pipeline.tuning.recorded import planned_trial, trials_of
from segmend.pipeline.tuning.working import SURPLUS, work

PLANNED = {"model.filters": "32", "loss.dice": "1.0"}


@pytest.fixture
def study(search, tmp_path):
    with journal.quiet():
        yield journal.begin(tmp_path / "study", search)


def states(study):
    return [trial.state.name for trial in study.get_trials()]


def test_the_planned_values_wait_first_and_are_put_back_whenever_they_were_not_trained(study, search):
    for times in range(3):
        trial = study.ask()
        assert picked(search, trial) == PLANNED
        assert trial.user_attrs[journal.PLANNED]
        assert journal.give_up_unfinished(study) == 1
        assert states(study) == ["FAIL"] * (times + 1) + ["WAITING"]


def test_planned_values_that_were_not_even_picked_are_put_back_too(study, search):
    study.ask()
    assert journal.give_up_unfinished(study) == 1
    assert picked(search, study.ask()) == PLANNED


def test_planned_values_that_were_refused_are_put_back_once(study, search):
    study.tell(study.ask(), state=TrialState.FAIL)
    for _ in range(2):
        assert journal.give_up_unfinished(study) == 0
        assert states(study) == ["FAIL", "WAITING"]
    assert picked(search, study.ask()) == PLANNED


def test_a_study_is_deleted_only_where_no_trial_is_complete(study, search, tmp_path):
    study.tell(study.ask(), 0.5)
    journal.discard_begun(study, tmp_path / "study")
    assert (tmp_path / "study" / journal.JOURNAL).is_file()


def test_other_values_are_tried_once_more(study, search):
    study.tell(study.ask(), 0.5)
    picks = picked(search, study.ask())
    assert journal.give_up_unfinished(study) == 1
    assert picked(search, study.ask()) == picks
    assert journal.give_up_unfinished(study) == 1
    assert states(study) == ["COMPLETE", "FAIL", "FAIL"]
    assert journal.give_up_unfinished(study) == 0


def test_what_was_told_is_read_back_as_data(study, search):
    trial = study.ask()
    picked(search, trial)
    trial.set_user_attr(journal.SCORES, {"step_accuracy": 0.9, "segment_f1@50": None, "count_mae": 2.0})
    trial.set_user_attr(journal.TOOK, 1.5)
    trial.set_user_attr(journal.BECAUSE, "")
    study.tell(trial, 0.75)
    late = study.ask()
    late.set_user_attr(journal.BECAUSE, SURPLUS)
    study.tell(late, state=TrialState.FAIL)
    (told,) = trials_of(study)
    assert (told.state, told.objective, told.seconds, told.because) == ("complete", 0.75, 1.5, "")
    assert told.picks == PLANNED
    assert told.scores["segment_f1@50"] is None
    assert planned_trial(study, [told]) == told


def test_no_more_trials_begin_than_were_asked_for(study, search):
    for _ in range(search.asked.trials):
        study.tell(study.ask(), 0.5)
    work(search, study, deadline=math.inf)
    assert states(study) == ["COMPLETE"] * search.asked.trials


def test_no_trial_begins_that_the_time_does_not_hold(study, search):
    work(search, study, deadline=0.0)
    assert states(study) == ["WAITING"]


def test_every_point_of_a_grid_waits_once(study, search):
    search = dataclasses.replace(search, asked=dataclasses.replace(search.asked, sampler="grid"))
    journal.enqueue_grid(study, search)
    journal.enqueue_grid(study, search)
    assert grid_size(search.space) == search.goal == 12  # fewer than the 40 trials asked for
    assert len(study.get_trials()) == 12
    points = {tuple(picked(search, study.ask()).items()) for _ in range(12)}
    assert len(points) == 12


def test_a_study_is_found_again_and_half_a_line_is_cut_off(study, tmp_path):
    path = tmp_path / "study" / journal.JOURNAL
    before = path.read_bytes()
    path.write_bytes(before + b'{"op_code": 4')
    assert journal.resume(tmp_path / "study", "median").user_attrs[journal.SECONDS] == 30.0
    assert path.read_bytes() == before


def test_a_study_that_was_ended_before_it_began_begins_anew(tmp_path):
    (tmp_path / journal.JOURNAL).write_bytes(b'{"op_code": 0')
    assert journal.resume(tmp_path, "median") is None
    assert journal.resume(tmp_path / "nowhere", "median") is None
