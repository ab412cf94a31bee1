import dataclasses
import itertools

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.diagnosis.rules.prediction.slice_failure import SliceFailure
from segmend.diagnosis.slices import dealt, dealt_within, judgements
from segmend.pipeline.charting.chart import chart_of
from tests.diagnosis.charts import charted, heartbeats, jittered
from tests.diagnosis.predicted import firing, healthy_charts, images, signals, wholes
from tests.diagnosis.signals_beside import beside, noisy


def sick():
    truth = heartbeats(recordings=6)
    said = jittered(truth)
    said[4] = np.zeros_like(said[4])
    return charted(truth, said)


def healthy():
    truth = heartbeats(recordings=6)
    rng = np.random.default_rng(0)
    said = [np.where((rng.random(rows.size // 60) < 0.2).repeat(60), 0, rows) for rows in truth]
    return charted(truth, said)


def test_one_recording_by_hand():
    (finding,) = SliceFailure().examine(sick())
    assert finding.where == {"recording": "r4"}
    counted = {"items": 36, "of_items": 216, "errors": 36, "of_errors": 36, "share": 1, "share_elsewhere": 0}
    assert {key: finding.evidence[key] for key in counted} == counted
    assert finding.message == (
        "100 % of the 36 segments that the model gets wrong lie in 17 % of all: the recording r4. There 100 % are "
        "wrong, elsewhere 0 %"
    )
    assert finding.severity is Severity.WARNING and finding.evidence["chance"] < 1e-6


def test_dealing_against_all_ways_to_deal():
    every, errors, drawn = 8, 3, 4
    ways = [sum(k < errors for k in hand) for hand in itertools.combinations(range(every), drawn)]
    for held in range(errors + 1):
        assert dealt(drawn, errors, every)[held] == pytest.approx(np.mean([way == held for way in ways]))
    assert dealt(4, 3, 4).tolist() == pytest.approx([0, 0, 0, 1]), "all are drawn"


def test_each_class_deals_its_own_errors():
    label = np.array([0, 0, 0, 1, 1, 1, 1])
    wrong = np.array([1, 0, 0, 1, 1, 0, 0], bool)
    inside = np.array([1, 1, 0, 1, 1, 0, 0], bool)
    first, second = itertools.combinations(range(3), 1), itertools.combinations(range(3, 7), 2)
    ways = [sum(inside[list(one + two)]) for one, two in itertools.product(first, second)]
    assert dealt_within(inside, wrong, label) == pytest.approx(np.mean([way >= 3 for way in ways]))


def _loud_alarms(is_alarm, is_loud, is_missed):
    """120 recordings, of which some are alarms, some are loud, and some alarms are not recognised."""
    rng = np.random.default_rng(0)
    given = wholes(rng, 120, 2)
    true = tuple(np.array(int(is_alarm(k))) for k in range(120))
    said = tuple(np.array(int(is_alarm(k) and not is_missed(k))) for k in range(120))
    own = [noisy(rng, (100,), spread=1 + 3 * is_loud(k)) for k in range(120)]
    return beside(dataclasses.replace(given, y_true=true, y_pred=said, groups=None), own)


def test_a_part_is_not_blamed_for_the_class_that_it_holds():
    """Alarms are louder than the rest, and no alarm is recognised: what fails is the class, not the loud part."""
    one_in_six = _loud_alarms(lambda k: k % 6 == 0, lambda k: k % 6 == 0, lambda k: True)
    assert list(SliceFailure().examine(one_in_six)) == []
    (finding,) = SliceFailure().examine(_loud_alarms(lambda k: k % 2, lambda k: k % 8 == 1, lambda k: k % 8 == 1))
    assert finding.evidence["slice"] in ("noise", "spread") and finding.evidence["share_elsewhere"] == 0


def test_the_shortest_quarter_is_named_with_its_length():
    rng = np.random.default_rng(0)
    rows = [np.concatenate([np.repeat([0, 1], [6, n]) for n in rng.integers(4, 40, 40)]) for _ in range(4)]
    said = [_without_short(row, 12) for row in rows]
    chart = charted(rows, said)
    (finding,) = SliceFailure().examine(chart)
    assert finding.evidence["slice"] == "duration" and finding.evidence["end"] == "low"
    assert "the shortest quarter of the segments (at most 1" in finding.message
    assert "SegmentLength" in finding.remedies[0].advice


def _without_short(row, below):
    edges = np.flatnonzero(np.diff(np.concatenate(([0], row, [0]))))
    said = row.copy()
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        if stop - start < below:
            said[start:stop] = 0
    return said


def test_noisy_recordings_are_named_by_their_channel():
    rng = np.random.default_rng(0)
    given = signals(rng, recordings=24, classes=2, per_recording=15)
    loud = np.arange(24) % 4 == 0
    own = [noisy(rng, rows.shape, spread=1 + 3 * bad) for rows, bad in zip(given.y_true, loud, strict=True)]
    said = [
        np.where((rng.random(rows.size) < 0.5) & bad, 0, rows) for rows, bad in zip(given.y_pred, loud, strict=True)
    ]
    chart = beside(dataclasses.replace(given, y_pred=tuple(said), groups=None), own)
    (finding,) = SliceFailure().examine(chart)
    assert finding.evidence["slice"] in ("noise", "spread") and finding.evidence["end"] == "high"
    assert finding.where["channel"] in "xy" and "with the highest" in finding.message


def test_whole_recordings_are_right_or_wrong():
    given = wholes(np.random.default_rng(0), 50)
    found = judgements(given)
    assert found.wrong.tolist() == [bool(t != s) for t, s in zip(given.y_true, given.y_pred, strict=True)]


def _bad_recording(rng):
    make = images if rng.random() < 0.3 else signals
    given = make(rng)
    while len(given.names) < 4 or min(len(np.unique(rows)) for rows in given.y_true) < 2:
        given = make(rng)
    at = int(rng.integers(len(given.names)))
    said = [np.where(k == at, 0 * rows, rows) for k, rows in enumerate(given.y_pred)]
    return given, said


def _bad_group(rng):
    given = wholes(rng, 120, 4)
    groups = tuple(f"g{k % 12}" for k in range(120))
    said = [np.where((k % 12 == 5), (rows + 1) % 4, rows) for k, rows in enumerate(given.y_true)]
    mixed = [new if k % 12 == 5 else old for k, (new, old) in enumerate(zip(said, given.y_pred, strict=True))]
    easy = [true if rng.random() < 0.7 else said for true, said in zip(given.y_true, mixed, strict=True)]
    said = [mixed[k] if k % 12 == 5 else easy[k] for k in range(120)]
    return dataclasses.replace(given, groups=groups), said


def test_found_where_a_part_fails_and_in_no_good_model():
    rng = np.random.default_rng(0)
    made = [_bad_recording(rng) for _ in range(30)] + [_bad_group(rng) for _ in range(10)]
    sick = [
        chart_of(dataclasses.replace(given, y_pred=tuple(said)), judged_on="test", edit=False) for given, said in made
    ]
    assert firing("slice-failure", sick) >= 0.9
    assert firing("slice-failure", healthy_charts()) <= 0.01


def test_errors_that_are_spread_evenly_are_in_no_part():
    rng = np.random.default_rng(0)
    charts = []
    for _ in range(60):
        given = signals(rng, recordings=8, classes=2, per_recording=20, slips=0.1)
        own = [noisy(rng, rows.shape) for rows in given.y_true]
        charts.append(beside(given, own))
    assert firing("slice-failure", charts) <= 0.01
