"""Which trainings are tried, and in which order."""

from segmend.artifacts.edits import FOLDS, FRESH, WEIGHED
from segmend.artifacts.finding import Remedy
from segmend.mending.edits import training_edit
from segmend.mending.training import on_folds, training_trials
from segmend.mending.worth import Stakes
from tests.mending.diagnoses import diagnosis, finding, outcome, remedy


def _training(name, edits, safety="safe"):
    return Remedy(name=name, safety=safety, edits=dict(edits), advice="Train again.")


REBUILD = _training("rebuild", {"model.filters": 32}, "unsafe")
WEIGH = _training("weigh", WEIGHED)


def _names(found):
    return [trial.name for trial in found]


def test_the_users_architecture_comes_before_a_planned_one_and_decoders_are_no_trainings():
    sick = diagnosis(finding("a", REBUILD), finding("b", remedy("viterbi"), WEIGH), finding("c", WEIGH))
    assert _names(training_trials(sick, 100.0, unsafe=True)) == ["weigh", "rebuild"]
    (only,) = training_trials(sick, 100.0)
    assert only.name == "weigh" and only.because == ("b", "c")


def test_as_many_as_the_seconds_hold_and_a_rebuilding_one_keeps_its_place():
    anew = _training("anew", FRESH)
    sick = diagnosis(finding("a", WEIGH, anew, REBUILD))
    assert _names(training_trials(sick, 31.0, unsafe=True)) == ["weigh", "rebuild"]
    assert _names(training_trials(sick, 16.0, unsafe=True)) == ["rebuild"]
    assert _names(training_trials(sick, 16.0)) == ["weigh"]
    assert training_trials(sick, 3.0, unsafe=True) == ()


def _done(remedy, inner, seconds, **more):
    edits = {**remedy.edits, **more}
    done = outcome("argmax", inner=inner, seconds=seconds)
    return done.model_copy(update={"trial": done.trial.model_copy(update={"name": remedy.name, "edits": edits})})


def test_where_time_is_left_the_rebuilt_network_is_averaged_with_as_many_as_it_holds():
    stakes = Stakes(before=0.2, budget_s=600.0)
    done = [_done(WEIGH, 0.5, 30.0), _done(REBUILD, 0.7, 40.0), _done(REBUILD, 0.8, 5.0, decoder="viterbi")]
    trial = on_folds(done, stakes, 130.0)
    assert (trial.name, trial.edits) == ("rebuild-on-folds", {"model.filters": 32, FOLDS: 3})
    edit = training_edit(trial.edits)
    assert edit.rebuild and edit.folds == 3 and edit.values == {"model.filters": 32}
    assert edit.described()[1] == "averaged with 3 networks trained on other folds"
    assert on_folds(done, stakes, 4000.0).edits[FOLDS] == 4
    assert on_folds(done, stakes, 39.0) is None
    assert on_folds(done[:1], stakes, 130.0) is None


def test_averaging_has_to_be_worth_its_seconds_too():
    # Three networks of 40 s are a fifth of the budget: a fiftieth of the 0.8 that can be gained, 0.016.
    stakes = Stakes(before=0.2, budget_s=600.0)
    assert on_folds([_done(REBUILD, 0.985, 40.0)], stakes, 130.0) is None
    assert on_folds([_done(REBUILD, 0.983, 40.0)], stakes, 130.0) is not None


def test_of_two_rebuilt_networks_the_better_one_is_averaged_also_where_errors_count():
    other = _training("widen", {"model.stages": []}, "unsafe")
    stakes = Stakes(objective="-count_mae", before=-9.0, budget_s=600.0)
    done = [_done(REBUILD, -3.0, 10.0), _done(other, -0.5, 10.0)]
    assert on_folds(done, stakes, 10.0).name == "widen-on-folds"
    assert on_folds(done[::-1], stakes, 10.0).name == "widen-on-folds"
