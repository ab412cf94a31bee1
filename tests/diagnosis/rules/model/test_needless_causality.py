import dataclasses

import keras
import numpy as np
import pytest
from keras import layers

from segmend.anatomy import of_keras
from segmend.artifacts.finding import Severity
from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.diagnosis.halves import halves_of
from segmend.diagnosis.rules.model.needless_causality import NeedlessCausality
from tests.diagnosis.rules.model import seeded
from tests.diagnosis.rules.model.rows_of_items import items, late


def _late(by=8, **parts):
    return items(lambda steps, rng: late(steps, by), **{"left": -30, "right": 0, **parts})


def _torn(share, *, last=False, right=0, **parts):
    """Items in a share of which two steps of the first half are missed, or of the last half."""

    def change(steps, rng):
        starts, ends = np.flatnonzero(np.diff(steps) == 1) + 1, np.flatnonzero(np.diff(steps, append=0) == -1)
        middle = ends - 4 if last else starts + 3
        said, picked = steps.copy(), middle[rng.random(middle.size) < share]
        said[picked] = said[picked + 1] = 0
        return said

    return items(change, left=-30, right=right, **parts)


def sick():
    return _late()


def healthy():
    return _late(0)


def _findings(chart):
    return list(NeedlessCausality().examine(chart))


def test_delay_and_length_are_told():
    (finding,) = _findings(sick())
    assert finding.evidence["start_delay_steps"] == finding.evidence["stop_delay_steps"] == 8
    assert finding.severity is Severity.ERROR
    assert 'padding="same"' in finding.remedies[0].advice
    assert "delayed by 8 steps" in finding.remedies[1].advice


@pytest.mark.parametrize(
    ("parts", "fires"),
    [
        ({"by": 8}, True),
        ({"by": 1}, False),
        ({"by": 8, "right": 3}, False),
        ({"by": 8, "right": None}, False),
        ({"by": 8, "left": None}, True),
        ({"by": 8, "left": 0}, False),
    ],
)
def test_only_a_late_model_that_looks_back(parts, fires):
    assert bool(_findings(_late(**parts))) is fires


def test_wrong_steps_of_first_halves_are_counted_by_hand():
    chart = _torn(1.0, recordings=2, number=10)
    (finding,) = _findings(chart)
    assert finding.evidence["wrong_in_first_halves"] == 2 * 20
    assert finding.evidence["wrong_in_last_halves"] == 0
    assert finding.evidence["start_delay_steps"] == 0
    assert "40 wrong steps and last halves 0" in finding.message
    length = np.median(np.concatenate([np.diff(np.flatnonzero(np.diff(row)))[::2] for row in chart.prediction.y_true]))
    assert f"delayed by {round(length / 2)} steps" in finding.remedies[1].advice


@pytest.mark.parametrize(
    ("parts", "fires"),
    [({}, True), ({"last": True}, False), ({"right": 1}, False), ({"recordings": 1, "number": 4}, False)],
)
def test_only_a_model_that_is_wrong_at_first_and_looks_back(parts, fires):
    assert bool(_findings(_torn(0.5, **parts))) is fires


def test_errors_of_both_halves_alike_are_none_of_looking_back():
    first, last = _torn(0.5), _torn(0.5, last=True)
    said = [a & b for a, b in zip(first.prediction.y_pred, last.prediction.y_pred, strict=True)]
    halves = halves_of(dataclasses.replace(first.prediction, y_pred=tuple(said)), 2)
    assert halves.first == 2 * np.sum([np.sum(np.diff(row) == -1) for row in first.prediction.y_pred]) - 120
    assert halves.chance > 0.05


def test_one_long_item_that_is_wrong_at_first_does_not_speak_for_many_that_are_wrong_at_last():
    lengths, wrong = [*[20] * 40, 980], [*[(14, 15)] * 40, (20, 400)]
    true = [np.pad(np.ones(length, int), 10) for length in lengths]
    said = [rows.copy() for rows in true]
    for rows, (start, stop) in zip(said, wrong, strict=True):
        rows[10 + start : 10 + stop] = 0
    names = tuple(f"r{k}" for k in range(41))
    given = {"names": names, "labels": Labels.numbered(2), "y_true": tuple(true), "y_pred": tuple(said)}
    halves = halves_of(Prediction(**given), 2)
    assert (halves.first, halves.last, halves.chance) == (380, 40, 1.0)


@pytest.mark.parametrize(
    ("body", "fires"),
    [
        ([layers.Conv1D(4, 9, padding="causal"), layers.Conv1D(4, 9, padding="causal", dilation_rate=2)], True),
        ([layers.GRU(4, return_sequences=True)], True),
        ([layers.Bidirectional(layers.GRU(4, return_sequences=True))], False),
        ([layers.Conv1D(4, 9, padding="same")], False),
        ([layers.Conv1D(4, 9, padding="causal"), layers.Conv1D(4, 9, padding="same")], False),
    ],
)
def test_real_models(body, fires):
    model = keras.Sequential([keras.Input((None, 1)), *body, layers.Dense(2, activation="softmax")])
    found = _findings(dataclasses.replace(sick(), anatomy=of_keras(model)))
    assert bool(found) is fires
    if found and "gru" in body[0].name:
        assert "Bidirectional" in found[0].remedies[0].advice


def test_how_often_it_fires():
    rng = np.random.default_rng(0)

    def case(share, **parts):
        length = int(rng.integers(12, 60))
        given = {"length": length, "gap": int(rng.uniform(0.9, 2) * length), "number": 8, "recordings": 3}
        return _late(round(share * length), **given, seed=int(rng.integers(1000)), **parts)

    fires = [bool(_findings(case(rng.uniform(0.4, 0.7)))) for _ in range(40)]
    silent = [_findings(case(0.0)) for _ in range(40)] + [_findings(case(0.3, right=9)) for _ in range(40)]
    assert np.mean(fires) >= 0.9
    assert sum(map(bool, silent)) == 0
    assert seeded.rate(NeedlessCausality(), seeded.charts(500)) == 0
