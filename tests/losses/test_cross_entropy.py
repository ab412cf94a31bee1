from __future__ import annotations

import keras
import numpy as np
import pytest

from segmend.errors import InputError
from segmend.losses import CrossEntropy
from tests.backends import number

Y = np.array([[0, 2, 1], [1, 0, 0]])
PROB = np.random.default_rng(0).dirichlet(np.ones(3), (2, 3)).astype("float32")


def test_without_options_it_is_keras_cross_entropy():
    expected = number(keras.losses.SparseCategoricalCrossentropy()(Y, PROB))
    assert number(CrossEntropy()(Y, PROB)) == pytest.approx(expected, rel=1e-5)


def test_smoothed_it_is_keras_smoothed_cross_entropy():
    hot = np.eye(3, dtype="float32")[Y]
    expected = number(keras.losses.CategoricalCrossentropy(label_smoothing=0.2)(hot, PROB))
    assert number(CrossEntropy(label_smoothing=0.2)(Y, PROB)) == pytest.approx(expected, rel=1e-5)


def test_class_weights_are_step_weights_of_the_true_class():
    weights = np.array([0.5, 1.0, 4.0], "float32")
    expected = number(keras.losses.SparseCategoricalCrossentropy()(Y, PROB, sample_weight=weights[Y]))
    assert number(CrossEntropy(class_weight=weights)(Y, PROB)) == pytest.approx(expected, rel=1e-5)
    assert number(CrossEntropy(class_weight=dict(enumerate(weights)))(Y, PROB)) == pytest.approx(expected, rel=1e-5)


def test_reductions():
    mean = number(CrossEntropy()(Y, PROB))
    assert number(CrossEntropy(reduction="sum")(Y, PROB)) == pytest.approx(6 * mean, rel=1e-5)
    each = np.asarray(CrossEntropy(reduction="none")(Y, PROB))
    assert each.shape == (2, 3)
    assert each.mean() == pytest.approx(mean, rel=1e-5)
    np.testing.assert_allclose(CrossEntropy().call(Y, PROB), each, rtol=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: CrossEntropy(label_smoothing=1.0), "label_smoothing: .*1.0"),
        (lambda: CrossEntropy(class_weight=[1, -1]), "class_weight: .*at least 0"),
        (lambda: CrossEntropy(class_weight={0: 1, 2: 1}), r"class_weight: .*Received \[0, 2\]"),
        (lambda: CrossEntropy(class_weight=[1, 2])(Y, PROB), "class_weight: expected 3 weights"),
    ],
)
def test_wrong_calls_are_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
