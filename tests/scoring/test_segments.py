"""Segments, matching and kinds of error, computed by hand."""

import numpy as np
import pytest

from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.errors import InputError
from segmend.scoring.tallies import tally


def steps(text):
    """Step labels from text: digits are classes, '.' is not judged.

    >>> steps("01.").tolist()
    [0, 1, -1]
    """
    return np.array([-1 if sign == "." else int(sign) for sign in text], np.int64)


def counted(true, pred, classes=4, background=0, **options):
    return tally([steps(true)], [steps(pred)], Labels.numbered(classes, background), **options)


def errors(true, pred, **options):
    found = counted(true, pred, **options).errors
    return {name: int(getattr(found, name).sum()) for name in found.__dataclass_fields__ if getattr(found, name).any()}


CASES = {
    "perfect": ("0110", "0110", {}),
    "insertion": ("0000", "0110", {"insertion": 1}),
    "deletion": ("0110", "0000", {"deletion": 1}),
    "three pieces are two fragmentations": ("0111110", "0101010", {"fragmentation": 2}),
    "one prediction over three is two merges": ("0101010", "0111110", {"merge": 2}),
    "substitution at IoU 1/2": ("0110", "0200", {"substitution": 1, "substituting": 1}),
    "below IoU 1/2 it is both": ("01110", "02000", {"insertion": 1, "deletion": 1}),
    "one of two halves is the substitution": (
        "011110",
        "022330",
        {"substitution": 1, "substituting": 1, "insertion": 1},
    ),
    "overfill and underfill": ("0011110", "0111000", {"overfill_steps": 1, "underfill_steps": 2}),
    "a chain fragments and merges": ("0111011110", "0011110110", {"fragmentation": 1, "merge": 1}),
    "touching classes are two segments": ("0112", "0111", {"deletion": 1, "overfill_steps": 1}),
    "edges of a recording count": ("1001", "1001", {}),
}


@pytest.mark.parametrize("name", CASES)
def test_kinds_of_error(name):
    true, pred, expected = CASES[name]
    assert errors(true, pred) == expected


def test_a_match_needs_its_threshold_inclusive_and_exact():
    found = counted("0111111111100", "0100000000000", iou_thresholds=(10, 11, 25))
    assert [int(found.segments(k).tp.sum()) for k in (10, 11, 25, 50)] == [1, 0, 0, 0]
    assert counted("0110", "0100").matched.sum() == 1
    assert counted("01110", "01000", iou_thresholds=(33, 34)).segments(33).tp.sum() == 1
    assert counted("01110", "01000", iou_thresholds=(33, 34)).segments(34).tp.sum() == 0


def test_the_matching_finds_pairs_that_greedy_ones_miss():
    # The second prediction overlaps the first reference most, but the first prediction has no other.
    true, pred = "0011111110111100000", "0011011111111000000"
    found = counted(true, pred, iou_thresholds=(10,))
    assert found.segments(10).tp.sum() == 2


def test_ignored_steps_cut_reference_and_prediction_alike():
    found = counted("011.110", "0111110")
    assert found.reference.sum() == found.predicted.sum() == found.matched.sum() == 2
    assert found.step.confusion.sum() == 6


def test_without_background_every_run_is_a_segment():
    found = counted("0011", "0111", classes=2, background=None)
    assert found.reference.tolist() == found.predicted.tolist() == [[1, 1]]
    assert found.segments(50).tp.tolist() == [[1, 1]]


def test_tables_keep_touching_items_apart():
    table = [Segments.from_rows([(1, 3, 1), (3, 5, 1)])]
    assert counted("011110", "011110").reference.sum() == 1
    kept = counted("011110", "011110", reference=table)
    assert (kept.reference.sum(), kept.predicted.sum(), kept.errors.merge.sum()) == (2, 1, 1)
    both = counted("011110", "011110", reference=table, prediction=table)
    assert (both.matched.sum(), both.errors.merge.sum(), both.errors.fragmentation.sum()) == (2, 0, 0)


def test_tables_are_clipped_to_the_recording():
    found = counted("0110", "0110", reference=[Segments.from_rows([(-3, 3, 1), (3, 9, 2), (7, 9, 2)])])
    assert found.reference.tolist() == [[0, 1, 1, 0]]


def test_nothing_at_all():
    empty = tally(
        [np.zeros(0, np.int64), np.zeros(3, np.int64)],
        [np.zeros(0, np.int64), np.zeros(3, np.int64)],
        Labels.numbered(2),
    )
    assert len(empty) == 2
    assert empty.reference.sum() == empty.predicted.sum() == empty.tp.sum() == 0
    assert len(tally([], [], Labels.numbered(2))) == 0
    assert counted("....", "1111").predicted.sum() == 0


def test_recordings_do_not_touch():
    found = tally([steps("011"), steps("110")], [steps("011"), steps("000")], Labels.numbered(2))
    assert found.reference[:, 1].tolist() == [1, 1]
    assert found.predicted[:, 1].tolist() == [1, 0]
    assert found.take([0, 0, 1]).matched[:, 1].tolist() == [1, 1, 0]
    assert found.take(np.array([False, True])).reference.sum() == 1


def test_steps_are_counted_against_the_rest():
    counts = counted("0011.", "0111.", classes=2).step.tables
    assert counts.tp.tolist() == [[1, 2]]
    assert counts.fp.tolist() == [[0, 1]]
    assert counts.fn.tolist() == [[1, 0]]
    assert counts.tn.tolist() == [[2, 1]]


@pytest.mark.parametrize("classes", [127, 128, 300])
def test_many_classes(classes):
    row = np.arange(classes)
    found = tally([row], [row[::-1].copy()], Labels.numbered(classes))
    assert found.reference.sum() == found.predicted.sum() == classes - 1
    assert found.step.confusion[0].sum() == classes
    assert (found.step.confusion[0] == np.fliplr(np.eye(classes))).all()


def test_what_does_not_fit_is_refused():
    two = Labels.numbered(2)
    with pytest.raises(InputError, match="expected 1 recordings as in y_true"):
        tally([steps("01")], [steps("01")] * 2, two)
    with pytest.raises(InputError, match=r"y_pred\[0\]: expected shape"):
        tally([steps("01")], [steps("011")], two)
    with pytest.raises(InputError, match=r"y_pred\[0\]: expected class numbers from 0 to 1.*Received 2"):
        tally([steps("01")], [steps("02")], two)
    with pytest.raises(InputError, match=r"y_pred\[1\]: expected a class number.*Received -1 at step 1"):
        tally([steps("01")] * 2, [steps("01"), steps("0.")], two)
    with pytest.raises(InputError, match="expected 1 tables"):
        tally([steps("01")], [steps("01")], two, reference=[])
    with pytest.raises(InputError, match="Received 101"):
        tally([steps("01")], [steps("01")], two, iou_thresholds=(101,))
    with pytest.raises(InputError, match="segment_f1@75"):
        tally([steps("01")], [steps("01")], two).segments(75)
