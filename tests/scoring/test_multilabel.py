"""Labels that may overlap, against plain loops and against each class scored by itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.errors import InputError
from segmend.scoring import oracle, tally
from segmend.scoring.kinds import ERRORS
from tests.cases import few
from tests.scoring import brute

CLASSES = 3
LABELS = Labels.numbered(CLASSES, None)


@st.composite
def multihot(draw, ignored=True):
    """(y_true, y_pred): lists of (steps, classes) rows of 0 and 1, some moved in time or between classes."""
    y_true, y_pred = [], []
    for _ in range(draw(st.integers(1, 3))):
        length = draw(st.integers(0, 20))
        true, pred = np.zeros((length, CLASSES), int), np.zeros((length, CLASSES), int)
        for side in (true, pred):
            for _ in range(draw(st.integers(0, 5))):
                start, label = draw(st.integers(0, 20)), draw(st.integers(0, CLASSES - 1))
                side[start : start + draw(st.integers(1, 7)), label] = 1
        if draw(st.booleans()):
            pred = np.roll(true, draw(st.integers(0, 2)), axis=draw(st.integers(0, 1)))
        if ignored and length and draw(st.booleans()):
            true[draw(st.integers(0, length - 1)), draw(st.integers(0, CLASSES - 1))] = -1
        y_true.append(true)
        y_pred.append(pred)
    return y_true, y_pred


def plain(true, pred):
    """Both sides of one recording as (start, stop, label) rows, in plain loops."""
    judged = [0 if min(row) >= 0 else -1 for row in true.tolist()]
    sides = []
    for side in (true, pred):
        rows = []
        for label in range(CLASSES):
            runs = brute.segments(side[:, label].tolist(), 0, judged)
            rows += [(start, stop, label) for start, stop, _ in runs]
        sides.append(sorted(rows))
    return sides


@few
@given(multihot())
def test_plain_loops_agree(case):
    counted = tally(*case, LABELS, multilabel=True)
    for k, (true, pred) in enumerate(zip(*case, strict=True)):
        reference, prediction = plain(true, pred)
        assert counted.reference[k].sum() == len(reference)
        assert counted.predicted[k].sum() == len(prediction)
        for threshold in (10, 25, 50):
            assert counted.segments(threshold).tp[k].sum() == brute.matching_size(reference, prediction, threshold)
        for name, expected in brute.errors(reference, prediction).items():
            assert getattr(counted.errors, name)[k].sum() == expected, name


@few
@given(multihot())
def test_a_class_counts_as_if_it_were_alone(case):
    counted = tally(*case, LABELS, multilabel=True)
    judged = [(row >= 0).all(axis=1) for row in case[0]]
    for label in range(CLASSES):
        true = [np.where(keep, row[:, label], -1) for row, keep in zip(case[0], judged, strict=True)]
        alone = tally(true, [row[:, label] for row in case[1]], Labels.numbered(2))
        for name in ("reference", "predicted"):
            assert np.array_equal(getattr(counted, name)[:, label], getattr(alone, name)[:, 1])
        assert np.array_equal(counted.tp[..., label], alone.tp[..., 1])
        for name in ("fragmentation", "merge", "overfill_steps", "underfill_steps"):
            assert np.array_equal(getattr(counted.errors, name)[:, label], getattr(alone.errors, name)[:, 1])


@few
@given(multihot())
def test_the_kinds_account_for_the_count(case):
    counted = tally(*case, LABELS, multilabel=True)
    e = counted.errors
    surplus = e.insertion + e.substituting + e.fragmentation - e.deletion - e.substitution - e.merge
    assert np.array_equal(counted.predicted - counted.reference, surplus)


@few
@given(multihot(ignored=False))
def test_tables_of_the_runs_say_the_same(case):
    tables = [
        [Segments.from_rows(plain(true, pred)[side]) for true, pred in zip(*case, strict=True)] for side in (0, 1)
    ]
    one = tally(*case, LABELS, multilabel=True)
    other = tally(*case, LABELS, multilabel=True, reference=tables[0], prediction=tables[1])
    assert np.array_equal(one.tp, other.tp)
    assert all(np.array_equal(getattr(one.errors, name), getattr(other.errors, name)) for name in ERRORS)


@few
@given(multihot())
def test_every_repair_gives_what_carrying_it_out_gives(case):
    rungs = {rung.if_fixed: rung for rung in oracle.ladder(*case, LABELS, multilabel=True, per_class=False)}
    for kind in oracle.REPAIRS:
        matched = predicted = there = 0
        for true, pred in zip(*case, strict=True):
            reference, prediction = plain(true, pred)
            repaired = prediction
            if kind in ("insertion", "deletion", "borders", "merge", "fragmentation") or kind == "substitution":
                repaired = brute.repaired(reference, prediction, kind)
            matched += brute.matching_size(reference, repaired, 50)
            predicted, there = predicted + len(repaired), there + len(reference)
        expected = 2 * matched / (predicted + there) if predicted + there else None
        assert rungs[kind].segment_f1_50 == (expected if expected is None else pytest.approx(expected)), kind


def test_touching_items_of_one_class_stay_apart_in_tables_beside_other_classes():
    steps = np.zeros((6, 2), int)
    steps[0:6, 0] = steps[1:5, 1] = 1
    rows = Segments.from_rows([(0, 3, 0), (3, 6, 0), (1, 5, 1)])
    counted = tally([steps], [steps], Labels.numbered(2, None), multilabel=True, reference=[rows])
    assert counted.reference.tolist() == [[2, 1]]
    assert counted.predicted.tolist() == [[1, 1]]
    assert counted.errors.merge.tolist() == [[1, 0]]


def test_a_number_other_than_zero_and_one_is_refused():
    with pytest.raises(InputError, match=r"y_pred\[0\]: expected 0 or 1.*Received 2"):
        tally([np.zeros((3, 2), int)], [np.full((3, 2), 2)], Labels.numbered(2, None), multilabel=True)
