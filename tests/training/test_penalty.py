"""L1 as part of a training, beside the same penalty in the layers."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from segmend.training.penalty import penalise

X = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")
Y = X[:, :1]


def network(penalty=None):
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(3, kernel_regularizer=penalty),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(1, kernel_regularizer=penalty),
        ]
    )


def trained(model):
    model.compile(keras.optimizers.SGD(0.1), "mse")
    losses = [float(model.train_on_batch(X, Y)) for _ in range(3)]
    return losses, [keras.ops.convert_to_numpy(weight) for weight in model.weights]


@pytest.mark.backend
def test_a_penalised_training_is_that_of_layers_made_with_the_penalty():
    model = network()
    penalise(model, 0.05)
    losses, weights = trained(model)
    told, others = trained(network(keras.regularizers.L1(0.05)))
    assert losses == pytest.approx(told)
    for own, theirs in zip(weights, others, strict=True):
        np.testing.assert_allclose(own, theirs, rtol=1e-5, atol=1e-7)


def test_a_kernel_keeps_its_own_penalty_and_the_saved_model_has_none(tmp_path):
    model = network(keras.regularizers.L2(0.1))
    penalise(model, 0.05)
    assert {type(variable.regularizer).__name__ for variable in model.trainable_variables} == {"L2", "NoneType"}
    plain = network()
    penalise(plain, 0.05)
    plain.save(tmp_path / "model.keras")
    assert keras.saving.load_model(tmp_path / "model.keras").losses == []
