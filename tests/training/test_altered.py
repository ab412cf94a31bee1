"""Copies of Keras models, with little changed."""

import keras
import numpy as np
import pytest

from segmend.errors import InputError
from segmend.training.altered import altered


def _nested():
    inner = keras.Sequential(
        [keras.Input((None, 4)), keras.layers.Conv1D(4, 3, padding="same"), keras.layers.Dropout(0.5)], name="inner"
    )
    signal = keras.Input((None, 4))
    scaled = keras.layers.Normalization(mean=[1.0] * 4, variance=[4.0] * 4)(signal)
    memory = keras.layers.GRU(4, return_sequences=True, dropout=0.3)(inner(scaled))
    said = keras.layers.Dense(3, activation="sigmoid", kernel_regularizer="l2", name="said")(memory)
    return keras.Model(signal, said)


@keras.saving.register_keras_serializable(package="tests")
class Subclassed(keras.Model):
    """Says how it is made."""

    def __init__(self, units=3, **options):
        super().__init__(**options)
        self.units, self.dense = units, keras.layers.Dense(units, activation="softmax")

    def call(self, x):
        """As every model."""
        return self.dense(x)

    def get_config(self):
        """Its one argument."""
        return {"units": self.units}


class Silent(keras.Model):
    """Does not say how it is made."""

    def __init__(self, units):
        super().__init__()
        self.dense = keras.layers.Dense(units)

    def call(self, x):
        """As every model."""
        return self.dense(x)


X = np.random.default_rng(0).normal(size=(2, 9, 4)).astype(np.float32)


def test_a_copy_says_the_same_and_is_another_model():
    model = _nested()
    copy = altered(model)
    np.testing.assert_array_equal(copy.predict(X, verbose=0), model.predict(X, verbose=0))
    copy.layers[-1].kernel.assign(copy.layers[-1].kernel + 1.0)
    assert not np.allclose(copy.predict(X, verbose=0), model.predict(X, verbose=0))


def test_activation_dropout_and_penalties_are_changed_in_the_copy_alone():
    model = _nested()
    copy = altered(model, activation="softmax", dropout=0.1, penalised=False)
    np.testing.assert_allclose(copy.predict(X, verbose=0).sum(axis=-1), 1, atol=1e-5)
    assert copy.get_layer("inner").layers[-1].rate == 0.1
    assert copy.layers[3].dropout == 0.1 and model.layers[3].dropout == 0.3
    assert copy.get_layer("said").kernel_regularizer is None
    assert model.get_layer("said").kernel_regularizer is not None
    assert model.get_layer("inner").layers[-1].rate == 0.5
    for own, theirs in zip(copy.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(own, theirs)


def test_fresh_weights_keep_what_is_measured_and_not_trained():
    adapted = keras.layers.Normalization()
    adapted.adapt(X)
    model = keras.Sequential([keras.Input((None, 4)), adapted, keras.layers.Dense(3, kernel_initializer="ones")])
    model.layers[-1].set_weights([np.full((4, 3), 7.0), np.ones(3)])
    copy = altered(model, fresh=True)
    np.testing.assert_array_equal(copy.layers[0].mean, adapted.mean)
    np.testing.assert_array_equal(copy.layers[-1].get_weights()[0], np.ones((4, 3)))


def test_a_subclassed_model_is_copied_from_its_config_and_not_changed():
    model = Subclassed(5)
    model(X)
    np.testing.assert_array_equal(altered(model).get_weights()[0], model.get_weights()[0])
    with pytest.raises(InputError, match="a graph of layers to change"):
        altered(model, activation="sigmoid")


def test_a_model_that_does_not_say_how_it_is_made_is_refused():
    model = Silent(3)
    model(X)
    with pytest.raises(InputError, match=r"get_config\(\) can make again. Received Silent"):
        altered(model)


def test_an_output_without_an_activation_is_refused():
    model = keras.Sequential([keras.Input((None, 4)), keras.layers.Dense(3), keras.layers.Softmax(name="soft")])
    with pytest.raises(InputError, match='"soft" without one'):
        altered(model, activation="sigmoid")
