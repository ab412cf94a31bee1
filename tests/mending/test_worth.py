"""What a second is worth, and what is told of what was not tried."""

import math

import pytest

from segmend.artifacts.edits import FOLDS, FRESH, WEIGHED
from segmend.artifacts.finding import Remedy
from segmend.mending.training import USUAL_SECONDS, expected_seconds
from segmend.mending.untried import untried
from segmend.mending.worth import PRICE, Stakes
from tests.mending.diagnoses import diagnosis, finding, outcome, remedy


def _training(name, edits, safety="safe"):
    return Remedy(name=name, safety=safety, edits=dict(edits), advice="Train again.")


WEIGH, ANEW = _training("weigh", WEIGHED), _training("anew", FRESH)
REBUILD = _training("rebuild", {"model.filters": 32}, "unsafe")


def _trained(edits, **fields):
    done = outcome("argmax", **fields)
    return done.model_copy(update={"trial": done.trial.model_copy(update={"edits": dict(edits)})})


@pytest.mark.parametrize(
    ("gain", "seconds", "worth"),
    [(0.0101, 30.0, True), (0.0099, 30.0, False), (0.0401, 120.0, True), (0.0, 0.0, False), (1e-9, 0.0, True)],
)
def test_a_tenth_of_all_that_can_be_gained_for_the_whole_budget(gain, seconds, worth):
    assert PRICE == 0.1
    assert Stakes(before=0.6, budget_s=120.0).worth(gain, seconds) is worth


def test_a_larger_budget_leaves_out_less_and_a_boundless_one_nothing():
    kept = [Stakes(before=0.6, budget_s=budget).worth(0.001, 30.0) for budget in (60.0, 600.0, 1200.0, math.inf)]
    assert kept == [False, False, True, True]


@pytest.mark.parametrize("objective", ["-count_mae", "count_mae", "cost"])
def test_errors_are_measured_against_what_they_are(objective):
    stakes = Stakes(objective=objective, before=-50.0, budget_s=100.0)  # 50 can be gained; half of the budget: 2.5
    assert (stakes.worth(2.5, 50.0), stakes.worth(2.4, 50.0)) == (True, False)
    (left,) = untried(diagnosis(finding("a", WEIGH)), [outcome("viterbi", inner=0.0)], stakes=stakes, trains=True)
    assert (left.why, left.gain) == ("gain", 0.0)


def test_an_undefined_beginning_leaves_out_nothing_that_can_gain():
    stakes = Stakes(before=math.nan, budget_s=10.0)
    assert stakes.worth(1e-6, 10.0) and not stakes.worth(0.0, 0.0)
    assert stakes.best(()) == -math.inf
    assert stakes.best([outcome("viterbi", inner=0.4), outcome("majority", inner=None)]) == 0.4
    assert Stakes(before=0.5).best([outcome("viterbi", inner=0.4)]) == 0.5


def test_trainings_are_expected_to_take_as_long_as_the_longest_of_their_sort():
    (weigh, anew, rebuild) = (
        _trained(each.edits, seconds=seconds) for each, seconds in ((WEIGH, 20.0), (ANEW, 30.0), (REBUILD, 50.0))
    )
    decoded = _trained({**WEIGHED, "decoder": "viterbi"}, seconds=99.0)
    assert expected_seconds(weigh.trial, ()) == USUAL_SECONDS
    assert expected_seconds(anew.trial, [weigh, decoded, rebuild, outcome("viterbi", seconds=70.0)]) == 20.0
    assert expected_seconds(rebuild.trial, [weigh, anew]) == USUAL_SECONDS
    averaged = _trained({**REBUILD.edits, FOLDS: 4}, seconds=400.0)
    assert expected_seconds(rebuild.trial, [rebuild, averaged]) == 50.0
    failed = weigh.model_copy(update={"failed": "out of memory"})
    assert expected_seconds(weigh.trial, [failed]) == USUAL_SECONDS


def test_what_was_not_tried_says_why():
    record = diagnosis(
        finding("a", remedy("viterbi", at_most=0.704), remedy("hysteresis", at_most=0.65)),
        finding("b", remedy("min_duration"), remedy("semi_markov"), WEIGH, REBUILD),
    )
    done = [outcome("min_duration", inner=0.7, seconds=60.0)]
    stakes = Stakes(before=0.5, budget_s=120.0)
    left = {each.trial.name: each for each in untried(record, done, stakes=stakes, trains=True)}
    assert set(left) == {"decode-hysteresis", "decode-viterbi", "decode-semi_markov", "weigh"}
    assert [left[f"decode-{name}"].why for name in ("hysteresis", "viterbi", "semi_markov")] == ["gain", "gain", "time"]
    assert left["decode-hysteresis"].gain == 0.0
    assert left["decode-viterbi"].gain == pytest.approx(0.004)
    assert left["decode-viterbi"].seconds == 60.0 and left["decode-viterbi"].trial.because == ("a",)
    assert (left["weigh"].why, left["weigh"].seconds) == ("time", USUAL_SECONDS)
    assert "weigh" not in {each.trial.name for each in untried(record, done, stakes=stakes)}
    assert "rebuild" in {each.trial.name for each in untried(record, done, stakes=stakes, unsafe=True, trains=True)}


def test_trainings_are_left_out_where_too_little_remains():
    record = diagnosis(finding("a", WEIGH))
    (left,) = untried(record, [outcome("viterbi", inner=0.999)], stakes=Stakes(before=0.5, budget_s=120.0), trains=True)
    assert (left.why, left.gain) == ("gain", pytest.approx(0.001))


def test_a_rebuilt_network_that_was_averaged_with_none_says_why():
    record, stakes = diagnosis(finding("a", REBUILD)), Stakes(before=0.5, budget_s=600.0)
    done = [_trained(REBUILD.edits, inner=0.8, seconds=90.0)]
    (left,) = untried(record, done, stakes=stakes, unsafe=True, trains=True)
    assert (left.trial.edits[FOLDS], left.seconds, left.why) == (1, 90.0, "time")
    assert left.gain == pytest.approx(0.2)
    folded = _trained({**REBUILD.edits, FOLDS: 2}, inner=0.8, seconds=90.0)
    assert untried(record, [*done, folded], stakes=stakes, unsafe=True, trains=True) == ()
