"""Objectives and the bootstrap."""

import re

import numpy as np
import pytest

from segmend.core.labels import Labels
from segmend.errors import InputError
from segmend.scoring import bootstrap, score
from segmend.scoring.objective import parse
from segmend.scoring.tallies import tally
from tests.scoring.test_scores import prediction
from tests.scoring.test_segments import steps

TRUE = ["0110220", "0111000", "0001110", "0220110", "0110110", "0222000", "0100200"]
PRED = ["0100220", "0101000", "0001110", "0220000", "0111110", "0222010", "0100200"]
TALLY = tally([steps(t) for t in TRUE], [steps(p) for p in PRED], Labels.numbered(3), iou_thresholds=(10, 25, 50, 75))
RNG = np.random.default_rng


def test_names_mean_what_the_scores_say():
    scores = score(prediction(TRUE, PRED))
    expected = {
        "segment_f1@10": scores["segment"]["f1@10"],
        "segment_f1@25": scores["segment"]["f1@25"],
        "segment_f1@50": scores["segment"]["f1@50"],
        "macro_f1@50": scores["segment"]["macro_f1@50"],
        "count_mae": scores["count"]["mae"],
        "macro_f1": scores["step"]["macro_f1"],
        "step_accuracy": scores["step"]["accuracy"],
    }
    for name, value in expected.items():
        assert parse(name)(TALLY) == pytest.approx(value), name


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("segment_f1@50 - 0.02*count_mae", lambda f, c: f - 0.02 * c),
        ("-0.02 * count_mae + segment_f1@50", lambda f, c: f - 0.02 * c),
        ("segment_f1@50*2-count_mae/4", lambda f, c: 2 * f - c / 4),
        (" 0.5*segment_f1@50 ", lambda f, c: f / 2),
        ("-count_mae", lambda f, c: -c),
        ("1e-2*count_mae+.5*count_mae", lambda f, c: 0.51 * c),
    ],
)
def test_sums_are_read_as_they_are_written(text, same):
    f, c = parse("segment_f1@50")(TALLY), parse("count_mae")(TALLY)
    assert parse(text)(TALLY) == pytest.approx(same(f, c))


def test_the_count_error_is_of_totals_over_classes():
    swapped = tally([steps("0110"), steps("0110")], [steps("0220"), steps("0000")], Labels.numbered(3))
    assert parse("count_mae")(swapped) == 0.5


def test_an_objective_says_which_thresholds_it_needs():
    objective = parse("segment_f1@75 + segment_f1@10 - count_mae")
    assert objective.thresholds == (10, 75)
    assert objective.text == "segment_f1@75 + segment_f1@10 - count_mae"
    with pytest.raises(InputError, match="segment_f1@33"):
        parse("segment_f1@33")(TALLY)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("segment_f1@5O", "not understood"),
        ("segmnt_f1@50", 'did you mean "segment_f1@50"'),
        ("count_ma", 'did you mean "count_mae"'),
        ("segment_f1", 'Received "segment_f1"'),
        ("count_mae@50", 'Received "count_mae@50"'),
        ("segment_f1@0", "from 1 to 100"),
        ("segment_f1@101", "from 1 to 100"),
        ("segment_f1@50 count_mae", 'not understood from "count_mae"'),
        ("segment_f1@50 -", 'not understood from "-"'),
        ("count_mae/0", "division by 0"),
        ("", "expected a sum"),
        ("3", "expected a sum"),
        ("edit", "expected names among"),
    ],
)
def test_what_is_no_objective_is_refused(text, message):
    with pytest.raises(InputError, match=re.escape(message)):
        parse(text)


@pytest.mark.parametrize("text", ["segment_f1@50 - 0.1*count_mae", "macro_f1", "macro_f1@25", "step_accuracy"])
def test_weights_do_what_taking_recordings_does(text):
    objective = parse(text)
    index = np.array([0, 0, 3, 4, 6, 6, 6])
    weights = np.bincount(index, minlength=len(TALLY))[None].astype(float)
    assert objective.weighted(TALLY, weights)[0] == pytest.approx(objective(TALLY.take(index)))


def test_a_difference_of_nothing_is_nothing():
    found = bootstrap.paired(TALLY, TALLY, parse("segment_f1@50"), rng=RNG(0))
    assert (found.difference, found.low, found.high, found.unit) == (0, 0, 0, "recordings")


def test_the_interval_holds_the_difference_and_agrees_with_a_loop():
    perfect = tally([steps(t) for t in TRUE], [steps(t) for t in TRUE], Labels.numbered(3))
    objective = parse("segment_f1@50")
    found = bootstrap.paired(TALLY, perfect, objective, rng=RNG(0), draws=4000)
    assert 0 < found.low < found.difference < found.high < 1
    rng, loop = RNG(1), []
    for _ in range(2000):
        index = rng.integers(0, len(TALLY), len(TALLY))
        loop.append(objective(perfect.take(index)) - objective(TALLY.take(index)))
    weights, _ = bootstrap.resamples(len(TALLY), None, 4000, RNG(2))
    drawn = objective.weighted(perfect, weights) - objective.weighted(TALLY, weights)
    assert (drawn.mean(), drawn.std()) == pytest.approx((np.mean(loop), np.std(loop)), abs=0.01)
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(loop, [0.025, 0.975])), abs=0.05)


def test_few_groups_resample_recordings_within_them():
    groups = ["a", "a", "a", "b", "b", "c", "c"]
    weights, unit = bootstrap.resamples(7, groups, 50, RNG(0))
    assert unit == "recordings within groups"
    assert (weights[:, :3].sum(axis=1) == 3).all()
    assert (weights[:, 3:5].sum(axis=1) == 2).all()
    many, unit = bootstrap.resamples(7, ["a", "a", "b", "c", "d", "e", "f"], 50, RNG(0))
    assert unit == "groups"
    assert (many[:, 0] == many[:, 1]).all()
    assert bootstrap.resamples(3, None, 5, RNG(0))[1] == "recordings"
    alone, unit = bootstrap.resamples(3, ["a", "b", "c"], 50, RNG(0))
    assert unit == "recordings"
    assert len(np.unique(alone, axis=0)) > 1  # within groups of one recording nothing would vary


def test_one_prediction_has_an_interval_too():
    found = bootstrap.interval(TALLY, parse("count_mae"), rng=RNG(0), level=0.9)
    assert found.low <= found.value <= found.high
    assert found.level == 0.9


def test_the_undefined_is_none():
    empty = tally([steps("00")] * 7, [steps("00")] * 7, Labels.numbered(2))
    found = bootstrap.paired(empty, empty, parse("segment_f1@50"), rng=RNG(0))
    assert found.difference is found.low is found.high is None


def test_bootstraps_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="Received 7 and 6"):
        bootstrap.paired(TALLY, TALLY.take(range(6)), parse("macro_f1"), rng=RNG(0))
    with pytest.raises(InputError, match="each of 7 recordings"):
        bootstrap.paired(TALLY, TALLY, parse("macro_f1"), ["a"], rng=RNG(0))
    with pytest.raises(InputError, match="at least one"):
        bootstrap.resamples(0, None, 5, RNG(0))
