"""What Keras' losses do with steps, masks and weights."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import ops

from tests.backends import number
from tests.keras_facts.batch import DENSE, FIRST_HALF, ONE_HOT, probabilities

REGION = pytest.mark.parametrize("loss", [keras.losses.Dice, keras.losses.Tversky])


def step_costs(y_prob):
    return -np.log(np.take_along_axis(y_prob, DENSE[..., None], -1)[..., 0])


@pytest.mark.parametrize(
    ("loss", "y_true"),
    [(keras.losses.SparseCategoricalCrossentropy(), DENSE), (keras.losses.CategoricalCrossentropy(), ONE_HOT)],
)
def test_sample_weight_per_step_is_right_and_divided_by_all_steps(loss, y_true):
    y_prob = probabilities(4, 6, 2)
    weight = np.where(FIRST_HALF, 2.5, 0.0)
    expected = 2.5 * step_costs(y_prob)[:, :3].sum() / 24
    assert number(loss(y_true, y_prob, sample_weight=weight)) == pytest.approx(expected, rel=1e-5)


def test_binary_cross_entropy_of_labels_without_the_channel_takes_the_mean_over_time_first():
    """(N, T) against (N, T, 1): one value per sequence, so that no step weight fits."""
    loss = keras.losses.BinaryCrossentropy(reduction=None)
    y_prob = probabilities(4, 6, 2)[..., 1:]
    assert loss(DENSE, y_prob).shape == (4,)
    assert loss(DENSE[..., None], y_prob).shape == (4, 6)


def test_dice_on_one_hot_is_one_minus_the_mean_true_probability():
    y_prob = probabilities(4, 6, 2)
    mean = np.take_along_axis(y_prob, DENSE[..., None], -1).mean()
    assert number(keras.losses.Dice()(ONE_HOT, y_prob)) == pytest.approx(1 - mean, abs=1e-6)


@REGION
def test_an_absent_class_predicted_perfectly_costs_one(loss):
    nothing = np.zeros((1, 6, 1), "float32")
    assert number(loss()(nothing, nothing)) == pytest.approx(1.0, abs=1e-5)


@REGION
def test_step_weights_only_rescale_region_losses(loss):
    y_prob = probabilities(4, 6, 2)
    weighted = np.mean(ops.convert_to_numpy(loss()(ONE_HOT, y_prob, sample_weight=FIRST_HALF.astype("float32"))))
    assert weighted == pytest.approx(0.5 * number(loss()(ONE_HOT, y_prob)), rel=1e-5)
    assert weighted != pytest.approx(number(loss()(ONE_HOT[:, :3], y_prob[:, :3])), abs=1e-3)


@REGION
def test_masks_are_ignored_by_region_losses(loss):
    y_prob = ops.convert_to_tensor(probabilities(4, 6, 2))
    plain = number(loss()(ONE_HOT, y_prob))
    keras.src.backend.set_keras_mask(y_prob, ops.convert_to_tensor(FIRST_HALF))
    assert np.mean(ops.convert_to_numpy(loss()(ONE_HOT, y_prob))) == pytest.approx(plain, rel=1e-5)
    assert plain != pytest.approx(number(loss()(ONE_HOT[:, :3], y_prob[:, :3])), abs=1e-3)


def test_tversky_swaps_alpha_and_beta_against_its_documentation():
    """Documented: alpha weighs false positives. With false negatives only, alpha alone must then not matter."""
    there, missed = np.array([[1.0, 1.0]], "float32"), np.array([[1.0, 0.0]], "float32")
    values = [number(keras.losses.Tversky(alpha=alpha, beta=0.5)(there, missed)) for alpha in (0.1, 0.9)]
    assert values[0] != pytest.approx(values[1], abs=1e-3)


def test_categorical_focal_takes_one_hot_only_and_a_vector_alpha():
    y_prob = probabilities(4, 6, 3)
    with pytest.raises(ValueError, match="shape"):
        keras.losses.CategoricalFocalCrossentropy()(DENSE, y_prob)
    hot = np.eye(3, dtype="float32")[DENSE]
    alone = keras.losses.CategoricalFocalCrossentropy(alpha=[1.0, 0.0, 0.0])(hot, y_prob)
    there = (1 - y_prob[..., 0]) ** 2 * -np.log(y_prob[..., 0]) * (DENSE == 0)
    assert number(alone) == pytest.approx(there.mean(), rel=1e-4)


def test_binary_focal_ignores_its_scalar_alpha_unless_told():
    y_prob = probabilities(4, 6, 2)[..., :1]
    y_true = DENSE[..., None]
    plain = [number(keras.losses.BinaryFocalCrossentropy(alpha=alpha)(y_true, y_prob)) for alpha in (0.25, 0.9)]
    assert plain[0] == plain[1]
    told = keras.losses.BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.9)
    assert number(told(y_true, y_prob)) != pytest.approx(plain[0])


@pytest.mark.skipif(keras.backend.backend() != "jax", reason="other backends may take the list for a tensor")
def test_binary_focal_takes_no_vector_alpha():
    vector = keras.losses.BinaryFocalCrossentropy(apply_class_balancing=True, alpha=[0.25, 0.75])
    with pytest.raises(TypeError, match="unsupported operand"):
        vector(ONE_HOT, probabilities(4, 6, 2))


def test_generalized_cross_entropy_wants_integers_despite_its_name():
    y_prob = probabilities(4, 6, 2)
    true = np.take_along_axis(y_prob, DENSE[..., None], -1)[..., 0]
    loss = keras.losses.CategoricalGeneralizedCrossEntropy(q=0.5)
    assert number(loss(DENSE, y_prob)) == pytest.approx(((1 - true**0.5) / 0.5).mean(), rel=1e-4)
    with pytest.raises(Exception, match="shape"):
        loss(ONE_HOT, y_prob)
