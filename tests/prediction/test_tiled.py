"""The law of tiles, with a real convolutional model."""

from __future__ import annotations

import numpy as np
import pytest

from segmend.core.stages import field_of_stages
from segmend.errors import InputError
from segmend.models import build
from segmend.planning.decisions.tiles import margin_of
from segmend.prediction import predict

# Keras 3.15 hands its variables to NumPy 2.4 without the copy keyword that NumPy asks for.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

STAGES = [
    {"kernel": 5, "stride": 2},
    {"kernel": 3},
    {"kernel": 5, "stride": 2},
    {"kernel": 3, "dilation": 2},
    {"kernel": 3, "up": 4},
]


@pytest.fixture(scope="module")
def model():
    made = build({"stages": STAGES, "filters": 4, "norm": "batch"}, channels=2, classes=3)
    rng = np.random.default_rng(0)
    made.set_weights([rng.normal(0.3, 0.3, w.shape) ** 2 for w in made.get_weights()])
    return made


@pytest.mark.parametrize("steps", [64, 101, 333])
def test_tiles_equal_one_pass_away_from_the_ends(model, steps):
    margin = margin_of(STAGES)
    signal = np.random.default_rng(steps).normal(size=(steps, 2)).astype(np.float32)
    tile = 2 * margin + 16
    tiled = predict(model, signal, tile, 16, align=4, batch=4)
    whole = np.asarray(model.predict_on_batch(signal[None]))[0]
    assert tiled.shape == whole.shape
    field = field_of_stages(STAGES)
    inner = slice(-field.left, steps - field.right)
    np.testing.assert_allclose(tiled[inner], whole[inner], atol=1e-5)
    assert whole[inner].std() > 1e-3


def test_too_small_an_overlap_does_not(model):
    signal = np.random.default_rng(1).normal(size=(333, 2)).astype(np.float32)
    whole = np.asarray(model.predict_on_batch(signal[None]))[0]
    assert np.abs(predict(model, signal, 16, 16, align=4) - whole).max() > 1e-3


def test_probabilities_sum_to_one(model):
    y_prob = predict(model, np.zeros((10, 2)), 64, 16, align=4)
    assert y_prob.dtype == np.float32
    np.testing.assert_allclose(y_prob.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("shape", "message"),
    [((9, 3), r"expected shape \(steps, 2\), as the model. Received shape \(9, 3\)"), ((0, 2), "Received none")],
)
def test_what_the_model_cannot_take_is_refused(model, shape, message):
    with pytest.raises(InputError, match=message):
        predict(model, np.zeros(shape), 64, 16)


def test_tiles_of_images_equal_one_pass_away_from_the_edges():
    import keras

    inputs = keras.Input((None, None, 3))
    hidden = keras.layers.Conv2D(4, 3, padding="same", activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Conv2D(2, 3, padding="same", activation="softmax")(hidden))
    image = np.random.default_rng(0).integers(0, 255, (50, 37, 3)).astype(np.uint8)
    tiled = predict(model, image, 16, 12, batch=4)
    whole = np.asarray(model.predict_on_batch(image[None].astype(np.float32)))[0]
    np.testing.assert_allclose(tiled[2:-2, 2:-2], whole[2:-2, 2:-2], atol=1e-5)
    assert tiled.shape == (50, 37, 2)
    with pytest.raises(InputError, match=r"expected shape \(height, width, 3\)"):
        predict(model, image[0], 16, 12)
