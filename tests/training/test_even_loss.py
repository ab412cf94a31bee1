import math

import keras
import numpy as np
import pytest

from segmend.training import even_loss

X, Y = np.zeros((2, 3), "float32"), np.array([[1.0, 0.0], [0.0, 1.0]])


def compiled(loss, units=2):
    last = keras.layers.Dense(units, activation="softmax" if units > 1 else "sigmoid")
    model = keras.Sequential([keras.Input((3,)), last])
    model.compile("sgd", loss)
    return model


@pytest.mark.parametrize("loss", ["categorical_crossentropy", keras.losses.CategoricalCrossentropy()])
def test_of_even_probabilities_cross_entropy_is_the_logarithm_of_the_classes(loss):
    model = compiled(loss)
    model.layers[-1].set_weights([np.full((3, 2), np.nan), np.full(2, np.nan)])
    assert even_loss(model, X, Y) == pytest.approx(math.log(2), rel=1e-5)


def test_one_channel_is_even_at_a_half():
    assert even_loss(compiled("binary_crossentropy", 1), X, Y[:, :1]) == pytest.approx(math.log(2), rel=1e-5)


def test_an_infinite_weight_shows():
    weights = np.array([1.0, np.inf])
    assert math.isnan(even_loss(compiled(lambda y, p: -keras.ops.mean(weights * y * keras.ops.log(p))), X, Y))


def _raises(y, p):
    raise ValueError


@pytest.mark.parametrize("loss", [None, _raises])
def test_what_cannot_be_told(loss):
    assert even_loss(compiled(loss), X, Y) is None
