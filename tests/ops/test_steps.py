from __future__ import annotations

import numpy as np
import pytest

from segmend.errors import InputError
from segmend.ops import fit_length, read_steps

PROB = np.full((2, 3, 4), 0.25, "float32")
DENSE = np.array([[0, 3, -1], [1, 1, 2]])


def test_a_single_channel_is_the_probability_of_class_one():
    steps = read_steps(np.array([[0, 1, 1]]), np.array([[[0.2], [0.7], [0.4]]], "float32"))
    np.testing.assert_allclose(steps.y_prob[0], [[0.8, 0.2], [0.3, 0.7], [0.6, 0.4]], rtol=1e-6)
    logit = np.log(np.array([[[0.2], [0.7], [0.4]]], "float32") / np.array([[[0.8], [0.3], [0.6]]], "float32"))
    from_logits = read_steps(np.array([[0, 1, 1]]), logit, from_logits=True)
    np.testing.assert_allclose(from_logits.y_prob, steps.y_prob, rtol=1e-5)


def test_weights_and_masks_multiply_and_zero_means_ignored():
    weight = np.array([[2.0, 1.0, 5.0], [0.0, 3.0, 1.0]], "float32")
    mask = np.array([[True, False, True], [True, True, True]])
    steps = read_steps(DENSE, PROB, weight, mask)
    np.testing.assert_array_equal(steps.weight, [[2, 0, 0], [0, 3, 1]])
    np.testing.assert_array_equal(steps.valid, [[1, 0, 0], [0, 1, 1]])
    assert np.asarray(steps.y_true).sum() == 3


def test_soft_labels_are_kept():
    soft = np.array([[[0.25, 0.75], [0.0, 0.0]]], "float32")
    steps = read_steps(soft, np.full((1, 2, 2), 0.5, "float32"))
    np.testing.assert_array_equal(steps.y_true, soft)
    np.testing.assert_array_equal(steps.valid, [[1, 0]])


@pytest.mark.parametrize(
    ("y_true", "weight", "message"),
    [
        (np.zeros((2, 3, 5)), None, r"y_true: .*\(2, 3\) or one-hot .*\(2, 3, 4\). Received shape \(2, 3, 5\)"),
        (np.zeros(2), None, r"y_true: .*Received shape \(2,\)"),
        (DENSE, np.ones((2, 3, 4)), r"sample_weight: .*Received shape \(2, 3, 4\)"),
    ],
)
def test_shapes_that_do_not_belong_together_are_refused(y_true, weight, message):
    with pytest.raises(InputError, match=message):
        read_steps(y_true, PROB, weight)


def test_lengths_are_cut_along_every_spatial_axis():
    assert fit_length(np.zeros((1, 8, 6, 2)), np.zeros((1, 7, 4, 5))).shape == (1, 7, 4, 2)
