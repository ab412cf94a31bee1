from __future__ import annotations

import keras
import numpy as np
import pytest

import segmend
from segmend import losses
from segmend.errors import InputError
from segmend.training import check_weights

pytestmark = pytest.mark.backend

RNG = np.random.default_rng(0)
X = RNG.normal(size=(4, 6, 2)).astype("float32")
Y = (X[..., 0] > 0.3).astype("int32")
HOT = np.eye(2, dtype="float32")[Y]
RARE = {0: 1.0, 1: 9.0}
SPARSE = "sparse_categorical_crossentropy"


def steps_model(loss=SPARSE, *, classes=2, activation="softmax", masked=False):
    keras.utils.set_random_seed(1)
    inputs = keras.Input((6, 2))
    hidden = keras.layers.Masking()(inputs) if masked else inputs
    model = keras.Model(inputs, keras.layers.Dense(classes, activation=activation)(hidden))
    model.compile("adam", loss)
    return model


def true_cost(model, x=X, y=Y):
    """Cross-entropy of each step, computed here."""
    y_prob = keras.ops.convert_to_numpy(model(x))
    return -np.log(np.take_along_axis(y_prob, y[..., None], -1)[..., 0])


def test_step_weights_are_applied():
    weights = segmend.step_weights(Y, segmend.class_weights(Y))
    model = steps_model()
    before = model.get_weights()
    found = segmend.check_weights(model, X, Y, sample_weight=weights)
    cost = true_cost(model)
    assert found.applied is True
    assert found.by_keras == pytest.approx((weights * cost).mean(), rel=1e-4)
    assert found.by_hand == pytest.approx((weights * cost).mean(), rel=1e-4)
    assert found.unweighted == pytest.approx(cost.mean(), rel=1e-4)
    assert "are applied" in found.message
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.mark.skipif(keras.backend.backend() != "jax", reason="how it goes wrong differs between backends")
def test_class_weight_fails_with_dense_labels():
    found = check_weights(steps_model(), X, Y, class_weight=RARE)
    assert found.applied is False
    assert np.isnan(found.by_keras)
    assert found.message.startswith("Keras fails: ValueError: Incompatible shapes")
    assert found.by_hand == pytest.approx((np.where(Y, 9.0, 1.0) * true_cost(steps_model())).mean(), rel=1e-4)


@pytest.mark.parametrize(("loss", "y"), [("categorical_crossentropy", HOT), (SPARSE, Y[..., None])])
def test_class_weight_fails_with_a_class_axis(loss, y):
    found = check_weights(steps_model(loss), X, y, class_weight=RARE)
    assert found.applied is False
    assert found.message.startswith("Keras fails: TypeError")


def test_class_weight_is_silently_ignored_or_wrong():
    """Overlapping labels: Keras takes the first label of a recording for its class."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    both = np.tile([[1.0, 1.0]], (4, 1)).astype("float32")
    ignored = check_weights(model, X[:, 0], both, class_weight=RARE)
    assert ignored.applied is False
    assert ignored.message.startswith("Keras ignores the weights")
    assert ignored.by_keras == pytest.approx(ignored.unweighted, rel=1e-4)
    p = keras.ops.convert_to_numpy(model(X[:, 0]))
    assert ignored.by_hand == pytest.approx((-np.log(p) * [1.0, 9.0]).mean(), rel=1e-4)
    either = np.array([[1, 1], [0, 0], [1, 1], [0, 1]], "float32")
    wrong = check_weights(model, X[:, 0], either, class_weight=RARE)
    assert wrong.applied is False
    assert wrong.message.startswith("Keras applies other weights")


def test_class_weight_is_applied_to_one_label_per_recording():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, activation="softmax")])
    model.compile("adam", SPARSE)
    assert check_weights(model, X[:, 0], Y[:, 0], class_weight=RARE).applied is True


def test_a_mask_of_the_model_is_respected():
    x = X.copy()
    x[:, 4:] = 0.0
    weights = RNG.random((4, 6))
    found = check_weights(steps_model(masked=True), x, Y, sample_weight=weights)
    expected = (weights * true_cost(steps_model(), x))[:, :4].mean()
    assert found.applied is True
    assert found.by_keras == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("reduction", ["sum", "mean_with_sample_weight", "sum_over_batch_size"])
def test_a_loss_alone_is_checked_in_its_own_reduction(reduction):
    y_prob = RNG.dirichlet([1, 1], (4, 6)).astype("float32")
    loss = keras.losses.SparseCategoricalCrossentropy(reduction=reduction)
    assert check_weights(loss, y_prob, Y, sample_weight=RNG.random((4, 6))).applied is True
    assert check_weights(loss, y_prob, Y, sample_weight=RNG.random((4, 6, 1))).applied is True


def test_one_weight_per_recording_fails_beside_labels_per_step():
    found = check_weights(steps_model(), X, Y, sample_weight=RNG.random(4))
    assert found.applied is False
    assert found.message.startswith("Keras fails")


@pytest.mark.parametrize("loss", [losses.CrossEntropy(), losses.Dice(), losses.CrossEntropy() + 0.5 * losses.Dice()])
def test_weights_reach_inside_the_losses_of_segmend(loss):
    found = check_weights(steps_model(loss), X, np.where(X[..., 1] > 1, -1, Y), sample_weight=RNG.random((4, 6)))
    assert found.applied is True


def test_one_channel_needs_labels_with_its_axis():
    """Without it Keras drops the predictions' axis, takes the mean over time, and weighs what is left."""
    model = steps_model("binary_crossentropy", classes=1, activation="sigmoid")
    weights = RNG.random((4, 6))
    assert check_weights(model, X, Y[..., None], sample_weight=weights).applied is True
    for given in (weights, weights[..., None]):
        found = check_weights(model, X, Y, sample_weight=given)
        assert found.applied is False
        assert found.message.startswith(("Keras fails", "Keras applies other weights"))


def test_weights_do_not_reach_inside_keras_dice():
    found = check_weights(steps_model(keras.losses.Dice()), X, HOT, sample_weight=RNG.random((4, 6)))
    assert found.applied is False
    assert "no value for each step" in found.message


def test_weights_that_change_nothing_prove_nothing():
    found = check_weights(steps_model(), X, Y, sample_weight=np.ones((4, 6)))
    assert found.applied is None
    assert "nothing is proved" in found.message


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: check_weights(steps_model(), X, Y), "weights: .*neither"),
        (lambda: check_weights(steps_model(None), X, Y, sample_weight=Y), "model: .*compiled with one loss"),
        (lambda: check_weights(steps_model(), X, Y, sample_weight=Y[:, :3]), r"sample_weight: .*\(4, 3\)"),
        (lambda: check_weights(steps_model(), X, Y, class_weight={2: 1.0}), "class_weight: .*Received 2"),
        (lambda: check_weights(steps_model(), X, 2 * Y, class_weight=RARE), "y: .*below 2. Received 2"),
        (lambda: check_weights(steps_model(), X, Y[:, :3], class_weight=RARE), r"y: .*\(4, 3\)"),
    ],
)
def test_wrong_calls_are_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
