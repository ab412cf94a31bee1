from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import ops

from segmend.augmentation import drawing

pytestmark = pytest.mark.backend


def test_the_numbers_are_those_of_keras():
    for shape in ((5,), (3, 7, 2), (2, 4, 3, 1)):
        ours = drawing.normal(shape, keras.random.SeedGenerator(3))
        theirs = keras.random.normal(shape, seed=keras.random.SeedGenerator(3))
        np.testing.assert_allclose(ops.convert_to_numpy(ours), ops.convert_to_numpy(theirs), rtol=1e-5, atol=1e-6)


def test_each_draw_moves_the_generator_on():
    generator = keras.random.SeedGenerator(3)
    one, other = (ops.convert_to_numpy(drawing.normal((100,), generator)) for _ in range(2))
    assert not np.array_equal(one, other)
    assert abs(np.concatenate([one, other]).mean()) < 0.3
