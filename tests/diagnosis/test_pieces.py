import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.diagnosis.pieces import of_prediction
from segmend.scoring import tally

LABELS = Labels.numbered(3)
STEPS = st.lists(st.integers(0, 2), min_size=1, max_size=40)


def _prediction(true, pred):
    return Prediction(names=("a",), labels=LABELS, y_true=(np.array(true),), y_pred=(np.array(pred),), y_prob=None)


def _rows(steps, number):
    table = Segments.from_steps(np.array(steps))
    return [(start, stop) for start, stop, label in table.rows() if label == number]


def _shared(one, other):
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_agrees_with_counting_by_hand(data):
    true = data.draw(STEPS)
    pred = data.draw(st.lists(st.integers(0, 2), min_size=len(true), max_size=len(true)))
    for number, part in enumerate(of_prediction(_prediction(true, pred))):
        reference, predicted = _rows(true, number), _rows(pred, number)
        if number == 0:
            assert part.reference == part.predicted == 0
            continue
        met = [sum(_shared(r, p) > 0 for p in predicted) for r in reference]
        covers = [sum(_shared(r, p) > 0 for r in reference) for p in predicted]
        assert part.met.tolist() == met and part.covers.tolist() == covers
        assert part.fragments == sum(max(0, n - 1) for n in met)
        assert part.merged == sum(max(0, n - 1) for n in covers)
        for r in reference:
            overlaps = [_shared(r, p) for p in predicted]
            if max(overlaps, default=0):
                assert part.main[int(np.argmax(overlaps))], "the longest part, the first of equals, is no extra piece"


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_agrees_with_the_rulers_kinds(data):
    true = data.draw(STEPS)
    pred = data.draw(st.lists(st.integers(0, 2), min_size=len(true), max_size=len(true)))
    errors = tally([np.array(true)], [np.array(pred)], LABELS).errors
    for number, part in enumerate(of_prediction(_prediction(true, pred))):
        kinds = (part.fragments, part.merged, part.insertions)
        assert kinds == tuple(
            int(column[0, number]) for column in (errors.fragmentation, errors.merge, errors.insertion)
        )


def test_short_is_below_the_fifth_percentile_and_never_below_two():
    true = [0] * 5 + [1] * 30 + [0] * 5 + [1] * 40 + [0] * 5
    pred = [1, 1, *true[2:]]
    part = of_prediction(_prediction(true, pred))[1]
    assert part.short_below == 30 and part.short_insertions == 1
    single = of_prediction(_prediction([0, 1, 0], [0, 1, 0]))[1]
    assert single.short_below == 2


def test_an_item_of_the_wrong_class_is_no_insertion():
    part = of_prediction(_prediction([0, 1, 1, 1, 0], [0, 2, 2, 2, 0]))[2]
    assert part.predicted == 1 and part.insertions == 0


def test_steps_that_are_not_judged_cut_both_sides():
    part = of_prediction(_prediction([1, 1, -1, 1, 1], [1, 1, 1, 1, 1]))[1]
    assert (part.reference, part.predicted, part.fragments, part.merged) == (2, 2, 0, 0)
