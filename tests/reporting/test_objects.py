"""Objects of an image, and which have a partner."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.reporting.objects import layers, partnered, sampled
from segmend.scoring import score

LABELS = Labels.of(["a", "b"])
masks = hnp.arrays(np.int64, (2, 8, 9), elements=st.integers(0, 2))


def test_instances_keep_touching_objects_apart():
    mask = np.array([[1, 1, 1, 1], [0, 2, 2, -1]])
    numbers = np.array([[5, 5, 9, 9], [0, 5, 5, 5]])
    (one,) = layers(mask, LABELS, numbers)
    assert sorted(one.labels.tolist()) == [1, 1, 2]
    assert one.numbers[0, 0] != one.numbers[0, 2]
    assert one.numbers[1, 3] == one.numbers[1, 0] == 0
    assert len(layers(mask, LABELS, None)[0]) == 2


def test_labels_that_overlap_have_layers_of_their_own():
    both = np.ones((3, 3, 2), int)
    assert [len(layer) for layer in layers(both, Labels.of(["a", "b"], None), None)] == [1, 1]


def test_nothing_has_no_objects():
    empty = np.zeros((2, 2), int)
    assert [len(layer) for given in (None, empty) for layer in layers(empty, LABELS, given)] == [0, 0]


@settings(max_examples=60, deadline=None)
@given(masks)
def test_numbers_of_objects_and_of_surely_matched_ones_agree_with_the_ruler(pair):
    true, pred = pair
    (one,), (other,) = layers(true, LABELS, None), layers(pred, LABELS, None)
    scores = score(Prediction(names=("x",), labels=LABELS, y_true=(true,), y_pred=(pred,), rank=2))
    assert (len(one), len(other)) == (scores["count"]["reference"], scores["count"]["predicted"])
    found = partnered(one, other)
    assert (
        min(found[0].sum(), found[1].sum()) >= scores["count"]["matched"]
    )  # at exactly a half, one may have two partners


def test_sampling_reads_the_middle_of_each_square():
    (layer,) = layers(np.kron(np.array([[1, 0], [0, 2]]), np.ones((3, 3), int)), LABELS, None)
    assert sampled(layer, 3).tolist() == [[1, 0], [0, 2]]
    assert sampled(layer, 50).shape == (1, 1)
