from __future__ import annotations

import keras
import numpy as np

from segmend.models.initial import Normal


def drawn(initializer, shape=(3, 8, 16)):
    return keras.ops.convert_to_numpy(initializer(shape))


def test_the_global_seed_decides():
    keras.utils.set_random_seed(7)
    first, second = drawn(Normal()), drawn(Normal())
    keras.utils.set_random_seed(7)
    np.testing.assert_array_equal(drawn(Normal()), first)
    assert np.abs(first - second).max() > 0.1


def test_the_configuration_draws_the_same_numbers():
    initializer = Normal(std=0.01)
    twin = keras.initializers.deserialize(keras.initializers.serialize(initializer))
    np.testing.assert_array_equal(drawn(twin), drawn(initializer))
    assert 0.005 < drawn(twin).std() < 0.02
