"""Covering: cases by hand, plain loops on random recordings, and laws."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given

from segmend.core.labels import Labels
from segmend.scoring.covering import covering
from segmend.scoring.items import timeline
from tests.scoring.cases import recordings


def of(y_true, y_pred, labels=None):
    labels = labels or Labels.numbered(3)
    return covering(timeline([np.array(row) for row in y_true], [np.array(row) for row in y_pred], labels))


class TestByHand:
    def test_each_reference_segment_counts_by_its_length(self):
        # Four steps of the first segment lie in six predicted ones, the other two alone: (4 * 4/6 + 2 * 2/6) / 6.
        assert of([[1, 1, 1, 1, 2, 2]], [[1] * 6]).tolist() == [pytest.approx((4 * 4 / 6 + 2 * 2 / 6) / 6)]

    def test_classes_are_not_compared(self):
        assert of([[1, 1, 0, 2]], [[0, 0, 1, 0]]).tolist() == [1.0]

    def test_one_prediction_may_cover_several(self):
        assert of([[1, 2, 1, 2]], [[1, 1, 1, 1]]).tolist() == [0.25]

    def test_steps_that_are_not_judged_cut_both_sides(self):
        assert of([[1, 1, -1, 1, 1]], [[2, 2, 2, 2, 2]]).tolist() == [1.0]

    def test_recordings_stand_alone_and_an_unjudged_one_has_none(self):
        found = of([[1, 1], [-1, -1], [], [1, 2]], [[1, 1], [0, 0], [], [1, 1]])
        assert found[[0, 3]].tolist() == [1.0, 0.5]
        assert np.isnan(found[[1, 2]]).all()

    def test_no_recordings(self):
        assert of([], []).size == 0


def plainly(true, pred):
    """Of one recording, by looking at each step; None where none is judged."""
    sides = [runs(steps, true) for steps in (true, pred)]
    judged = sum(step != -1 for step in true)
    if not judged:
        return None
    return sum(len(g) * max(Fraction(len(g & p), len(g | p)) for p in sides[1]) for g in sides[0]) / judged


def runs(steps, cut_by):
    """Sets of steps."""
    found = []
    for t, label in enumerate(steps):
        if cut_by[t] == -1:
            continue
        if t and cut_by[t - 1] != -1 and steps[t - 1] == label:
            found[-1].add(t)
        else:
            found.append({t})
    return found


@given(recordings())
def test_plain_loops_find_the_same(case):
    y_true, y_pred, labels = case
    for found, true, pred in zip(covering(timeline(y_true, y_pred, labels)), y_true, y_pred, strict=True):
        expected = plainly(true.tolist(), pred.tolist())
        assert np.isnan(found) if expected is None else found == pytest.approx(float(expected))


@given(recordings(ignored=False))
def test_a_recording_covers_itself_and_mirrored_ones_cover_alike(case):
    y_true, y_pred, labels = case
    assert np.all(np.nan_to_num(covering(timeline(y_true, y_true, labels)), nan=1.0) == 1.0)
    here = covering(timeline(y_true, y_pred, labels))
    back = covering(timeline([row[::-1] for row in y_true], [row[::-1] for row in y_pred], labels))
    assert here == pytest.approx(back, nan_ok=True)
