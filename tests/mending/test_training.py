"""Which trainings are tried, and in which order."""

from segmend.artifacts.edits import FRESH, WEIGHED
from segmend.artifacts.finding import Remedy
from segmend.mending.training import training_trials
from tests.mending.diagnoses import diagnosis, finding, remedy


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
