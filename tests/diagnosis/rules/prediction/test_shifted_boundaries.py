import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.core.labels import Labels
from segmend.diagnosis import doctor
from segmend.diagnosis.rules.prediction.shifted_boundaries import ShiftedBoundaries
from segmend.diagnosis.shifts import shifts_of
from segmend.pipeline.charting.chart import chart_of
from tests.diagnosis.charts import charted, heartbeats, jittered
from tests.diagnosis.predicted import firing, healthy_charts, overlapping, signals


def sick():
    truth = heartbeats()
    return charted(truth, [np.roll(steps, 3) for steps in truth])


def healthy():
    truth = heartbeats()
    return charted(truth, jittered(truth))


def _rows(*rows, length=400):
    steps = np.zeros(length, np.int64)
    for start, stop in rows:
        steps[start:stop] = 1
    return steps


def test_late_by_three_steps_in_all_classes():
    (finding,) = ShiftedBoundaries().examine(sick())
    assert finding.where == {} and finding.evidence["labels"] == ["P", "QRS", "T"]
    assert (finding.evidence["start_steps"], finding.evidence["stop_steps"]) == (3, 3)
    assert finding.message == (
        "segments of 3 classes start 3 steps late and end 3 steps late at the median of 144; 100 % of them are off in "
        "that direction"
    )
    assert "np.roll(y_pred, -3, axis=1)" in finding.remedies[0].advice
    assert finding.severity is Severity.ERROR and finding.remedies[0].expected.at_most == pytest.approx(1)


def test_classes_that_are_off_to_different_sides_are_told_one_by_one():
    truth = [np.concatenate([_rows((50, 70), (150, 170), (250, 270), (350, 370)), np.zeros(50, np.int64)])] * 6
    other = [np.roll(steps, 40) * 2 for steps in truth]
    said = [np.roll(one, 3) + np.roll(two, -3) for one, two in zip(truth, other, strict=True)]
    both = [one + two for one, two in zip(truth, other, strict=True)]
    found = list(ShiftedBoundaries().examine(charted(both, said, Labels.of(["a", "b"]))))
    assert [(each.where["label"], each.evidence["start_steps"]) for each in found] == [("a", 3), ("b", -3)]


def test_seconds_where_the_rate_is_known():
    chart = sick()
    chart = dataclasses.replace(chart, prediction=dataclasses.replace(chart.prediction, sampling_rate_hz=250.0))
    (finding,) = ShiftedBoundaries().examine(chart)
    assert finding.evidence["start_s"] == pytest.approx(0.012)
    assert "3 steps (12 ms) late" in finding.message


def test_too_short_by_hand():
    truth = [_rows(*((25 * k + 2, 25 * k + 22) for k in range(15)))]
    said = [_rows(*((25 * k + 4, 25 * k + 19) for k in range(15)))]
    (finding,) = ShiftedBoundaries().examine(charted(truth, said, Labels.of(["a"])))
    assert (finding.evidence["start_steps"], finding.evidence["stop_steps"]) == (2, -3)
    assert "start 2 steps late and end 3 steps early" in finding.message
    assert "start += -2; stop += 3" in finding.remedies[0].advice
    assert finding.severity is Severity.INFO, "the overlap is still above one half"


def test_a_shift_beyond_the_segment_is_found_and_explains_what_is_missed():
    truth = heartbeats()
    chart = charted(truth, [np.roll(steps, -9) for steps in truth])
    wanted = {"shifted-boundaries", "missed-segments", "spurious-segments"}
    record = doctor.examine(chart, only=wanted, strict=True)
    assert record.findings[0].rule == "shifted-boundaries" and record.findings[0].evidence["start_steps"] == -9
    assert {finding.explained_by for finding in record.findings[1:]} == {("shifted-boundaries",)}


def test_pairs_are_each_others_nearest_against_brute_force():
    rng = np.random.default_rng(0)
    given = signals(rng, recordings=3, classes=2, per_recording=30)
    said = tuple(np.roll(rows, 11) for rows in given.y_true)
    parts = shifts_of(dataclasses.replace(given, y_pred=said))
    for number in (1, 2):
        alone = parts[number]
        assert np.all(alone.start[~alone.apart] < alone.length[~alone.apart] + 11)
        assert np.median(alone.start) == 11 and np.median(alone.stop) == 11


def test_few_segments_say_nothing():
    truth = [_rows((10, 30), (50, 70), (90, 110))]
    assert list(ShiftedBoundaries().examine(charted(truth, [np.roll(truth[0], 4)], Labels.of(["a"])))) == []


def _moved(given, rng):
    by = int(rng.choice([-1, 1]) * rng.integers(3, 12))
    return chart_of(
        dataclasses.replace(given, y_pred=tuple(np.roll(rows, by, axis=0) for rows in given.y_pred)),
        judged_on="test",
        edit=False,
    )


def test_found_where_all_is_moved_and_in_no_good_model():
    rng = np.random.default_rng(0)
    sick = [_moved(signals(rng, recordings=4, classes=2, per_recording=20), rng) for _ in range(30)]
    sick += [_moved(overlapping(rng), rng) for _ in range(10)]
    assert firing("shifted-boundaries", sick) >= 0.9
    assert firing("shifted-boundaries", healthy_charts()) <= 0.01
