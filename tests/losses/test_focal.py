"""Focal losses by hand, and beside Keras' own where that is right."""

import keras
import numpy as np
import pytest

from segmend.errors import InputError
from segmend.losses import BinaryCrossEntropy, CrossEntropy, Focal, TemporalFocal

RNG = np.random.default_rng(0)
LOGITS = RNG.normal(size=(2, 9, 3)).astype("float32")
PROB = np.asarray(keras.ops.softmax(LOGITS))
Y = RNG.integers(0, 3, (2, 9))
HOT = np.eye(3, dtype="float32")[Y]
MANY = RNG.integers(0, 2, (2, 9, 3))
EACH = (1 / (1 + np.exp(-LOGITS))).astype("float32")


def test_without_gamma_and_alpha_it_is_cross_entropy():
    assert float(Focal(gamma=0)(Y, PROB)) == pytest.approx(float(CrossEntropy()(Y, PROB)), rel=1e-6)
    one = Focal(gamma=0, multilabel=True)(MANY, EACH)
    assert float(one) == pytest.approx(float(BinaryCrossEntropy()(MANY, EACH)), rel=1e-5)


@pytest.mark.parametrize("gamma", [0.5, 2.0, 3.0])
def test_it_equals_keras_where_keras_is_right(gamma):
    alpha = [0.2, 0.3, 0.5]
    keras_own = keras.losses.CategoricalFocalCrossentropy(alpha=alpha, gamma=gamma)
    assert float(Focal(gamma=gamma, alpha=alpha)(Y, PROB)) == pytest.approx(float(keras_own(HOT, PROB)), rel=1e-4)
    binary = keras.losses.BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.25, gamma=gamma)
    found = Focal(gamma=gamma, alpha=[0.25] * 3, multilabel=True)(MANY, EACH)
    assert float(found) == pytest.approx(float(binary(MANY.astype("float32"), EACH)), rel=1e-4)


def test_the_alpha_of_the_paper_lowers_the_positives():
    prob = np.array([[[0.5]]], "float32")
    yes, no = (float(Focal(gamma=2.0, alpha=[0.25], multilabel=True)(np.array([[[y]]]), prob)) for y in (1, 0))
    assert yes == pytest.approx(0.25 * 0.25 * np.log(2), rel=1e-5)
    assert no == pytest.approx(0.75 * 0.25 * np.log(2), rel=1e-5)


def test_one_alpha_for_all_classes_is_refused():
    with pytest.raises(InputError, match="alpha: expected one share per class"):
        Focal(alpha=0.25)
    with pytest.raises(InputError, match="alpha: expected 3 shares"):
        Focal(alpha=[0.5, 0.5])(Y, PROB)


def test_a_flat_weight_is_the_focal_loss():
    assert float(TemporalFocal(near=1.0, gamma=1.5)(Y, PROB)) == pytest.approx(float(Focal(gamma=1.5)(Y, PROB)))
    assert float(TemporalFocal(near=1.0, gamma=0)(Y, PROB)) == pytest.approx(float(CrossEntropy()(Y, PROB)), rel=1e-6)


def test_weights_fall_with_the_distance_to_the_nearest_transition():
    y = np.array([[0, 0, 0, 1, 1, 1, 1]])
    found = TemporalFocal(near=3.0, width=1.0, gamma=0, reduction="none")(y, np.full((1, 7, 2), 0.5, "float32"))
    distance = np.array([2, 1, 0, 0, 1, 2, 3])
    expected = np.log(2) * (1 + 2 * np.exp(-(distance**2) / 2))
    np.testing.assert_allclose(np.asarray(found)[0], expected, rtol=1e-5)


def test_an_ignored_step_makes_no_transition():
    prob = np.full((1, 6, 2), 0.5, "float32")
    loss = TemporalFocal(near=3.0, width=1.0, gamma=0, reduction="none")
    np.testing.assert_allclose(np.asarray(loss(np.array([[0, 0, -1, 1, 1, 1]]), prob))[0, [1, 3]], np.log(2), rtol=1e-3)


def test_a_change_of_one_overlapping_label_is_a_transition():
    y = np.array([[[1, 0], [1, 0], [1, 1], [1, 1]]])
    found = TemporalFocal(near=2.0, width=0.1, gamma=0, multilabel=True, reduction="none")(y, np.full((1, 4, 2), 0.5))
    np.testing.assert_allclose(np.asarray(found)[0, :, 0] / np.log(2), [1, 2, 2, 1], rtol=1e-4)
