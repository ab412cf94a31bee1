"""Stochastic depth: branches beside a shortcut are left out as a whole, for some recordings, while training."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from segmend import models
from segmend.models.layers import without_some

PLAIN = [{"kernel": 3}] * 4


def paths(model):
    return {layer.name: layer.rate for layer in model.layers if layer.name.endswith("_path")}


def numbers(tensor):
    return keras.ops.convert_to_numpy(tensor)


@pytest.mark.backend
def test_a_branch_is_there_or_not_and_its_mean_stays():
    keras.utils.set_random_seed(0)
    inputs = keras.Input((5, 3))
    model = keras.Model(inputs, without_some(inputs, 0.25, name="branch"))
    out = numbers(model(np.ones((2000, 5, 3), "float32"), training=True))
    first = out[:, :1, :1]
    assert np.all(out == first)
    np.testing.assert_allclose(np.unique(first), [0, 4 / 3], rtol=1e-6)
    assert abs((first == 0).mean() - 0.25) < 4 * (0.25 * 0.75 / 2000) ** 0.5


@pytest.mark.parametrize(
    ("model", "rates"),
    [
        (models.tcn(PLAIN, channels=2, classes=2, filters=4, drop_path=0.4), [0.2, 0.3, 0.4]),
        (models.residual(channels=2, classes=2, filters=4, levels=2, blocks=2, drop_path=0.4), [0.1, 0.2, 0.3, 0.4]),
        (models.inception(channels=2, classes=2, filters=4, depth=6, drop_path=0.4), [0.2, 0.4]),
        (models.tcn(PLAIN, channels=2, classes=2, filters=4), []),
    ],
    ids=["tcn", "residual", "inception", "none"],
)
def test_the_rate_rises_evenly_with_the_depth(model, rates):
    assert list(paths(model).values()) == pytest.approx(rates)


def test_each_half_of_a_block_of_attention_has_the_rate_of_its_block():
    model = models.attention([{"kernel": 3}], channels=2, classes=2, filters=4, heads=2, depth=2, drop_path=0.4)
    assert paths(model) == pytest.approx(
        {"block1_path": 0.2, "block1_dense_path": 0.2, "block2_path": 0.4, "block2_dense_path": 0.4}
    )


def test_it_is_gone_when_predicting_and_has_no_weights():
    with_it, without = (models.tcn(PLAIN, channels=2, classes=3, filters=4, drop_path=rate) for rate in (0.5, 0.0))
    without.set_weights(with_it.get_weights())
    x = np.random.default_rng(0).normal(size=(2, 9, 2)).astype("float32")
    np.testing.assert_array_equal(numbers(with_it(x)), numbers(without(x)))
