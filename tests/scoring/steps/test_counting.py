"""Counts of steps, by hand, by scikit-learn, and in memory that does not grow."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, multilabel_confusion_matrix

from segmend.core.labels import Labels
from segmend.errors import InputError
from segmend.scoring.steps import count_steps, counting

LABELS = Labels.numbered(3)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([(40,), (5, 8), (2, 4, 5), ()]),
    st.sampled_from([np.int8, np.uint8, np.int32, np.int64]),
)
def test_any_rank_and_integer_agrees_with_scikit_learn(seed, shape, kind):
    rng = np.random.default_rng(seed)
    lowest = 0 if kind is np.uint8 else -1
    true, pred = rng.integers(lowest, 3, shape).astype(kind), rng.integers(0, 3, shape).astype(kind)
    counted = count_steps([true], [pred], LABELS)
    keep = true != -1
    expected = np.zeros((3, 3), int)
    if keep.any():
        expected = confusion_matrix(true[keep], pred[keep], labels=range(3))
    assert (counted.confusion[0] == expected).all()
    assert counted.judged[0] == keep.sum() and counted.right[0] == (keep & (true == pred)).sum()
    tn, fp, fn, tp = multilabel_from(expected)
    for column, wanted in zip(counted.tables, (tp, fp, fn, tn), strict=True):
        assert (column[0] == wanted).all()


def multilabel_from(table):
    tp = np.diag(table)
    fp, fn = table.sum(axis=0) - tp, table.sum(axis=1) - tp
    return table.sum() - tp - fp - fn, fp, fn, tp


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([(12,), (3, 4)]))
def test_multilabel_agrees_with_scikit_learn(seed, shape):
    rng = np.random.default_rng(seed)
    true, pred = rng.integers(0, 2, (*shape, 3)), rng.integers(0, 2, (*shape, 3))
    true[rng.random(shape) < 0.2] = -1
    counted = count_steps([true], [pred], LABELS, multilabel=True)
    keep = (true != -1).all(axis=-1)
    assert counted.judged[0] == keep.sum()
    assert counted.right[0] == (keep & (true == pred).all(axis=-1)).sum()
    if keep.any():
        tables = multilabel_confusion_matrix(true[keep], pred[keep]).reshape(3, 4).T
        for column, wanted in zip(counted.tables, tables[[3, 1, 2, 0]], strict=True):
            assert (column[0] == wanted).all()
    assert counted.confusion is None
    with pytest.raises(InputError, match="one label per step"):
        counted.table()


def test_chunks_change_nothing(monkeypatch):
    rng = np.random.default_rng(0)
    true, pred = rng.integers(-1, 3, 1000), rng.integers(0, 3, 1000)
    whole = count_steps([true], [pred], LABELS).confusion
    monkeypatch.setattr(counting, "CHUNK", 7)
    assert (count_steps([true], [pred], LABELS).confusion == whole).all()


def test_memory_does_not_grow_with_the_steps():
    """Ten times the steps, a fixed few megabytes."""
    peaks = []
    for steps in (1_000_000, 10_000_000):
        true, pred = np.zeros(steps, np.int8), np.ones(steps, np.int8)
        tracemalloc.start()
        count_steps([true], [pred], LABELS)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]


def test_recordings_can_be_taken_again():
    counted = count_steps([np.array([0, 1]), np.array([2])], [np.array([0, 0]), np.array([2])], LABELS)
    twice = counted.take(np.array([1, 1]))
    assert len(twice) == 2 and twice.right.tolist() == [1, 1] and twice.judged.tolist() == [1, 1]
    assert counted.pooled().tp.tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("true", "pred", "multilabel", "says"),
    [
        ([0, 3], [0, 0], False, r"y_true\[0\]: expected numbers from 0 to 2, or -1 \(not judged\). Received 3"),
        ([0, -2], [0, 0], False, "Received -2"),
        ([0, 1], [0, -1], False, r"y_pred\[0\]: expected numbers from 0 to 2. Received -1"),
        ([0, 1], [0, 7], False, r"y_pred\[0\]: expected numbers from 0 to 2. Received 7"),
        ([0, 1], [0], False, r"expected shape \(2,\)"),
        ([[0, 1]], [[0, 1]], True, "expected a last axis of 3 classes"),
        ([[0, 1, 2]], [[0, 1, 1]], True, "Received 2"),
        ([[0, 1, 1]], [[0, 1, -1]], True, r"y_pred\[0\]"),
    ],
)
def test_what_is_no_class_is_refused(true, pred, multilabel, says):
    with pytest.raises(InputError, match=says):
        count_steps([np.array(true)], [np.array(pred)], LABELS, multilabel=multilabel)


def test_what_is_predicted_where_nothing_is_judged_does_not_matter():
    counted = count_steps([np.array([0, -1, -1])], [np.array([0, -1, 99])], LABELS)
    assert counted.judged.tolist() == [1] and counted.right.tolist() == [1]
