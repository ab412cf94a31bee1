"""The topological loss beside thresholds tried one after the other, and what its gradient does to peaks and passes."""

import keras
import numpy as np
import pytest
from scipy import ndimage

from segmend.errors import InputError
from segmend.losses import CrossEntropy, Topological
from tests.backends import gradient, number
from tests.decoding.brute_force import components

pytestmark = pytest.mark.backend


def by_thresholds(y, prob):
    found = []
    for labels, row in zip(y, prob, strict=True):
        for k in range(prob.shape[-1]):
            true = ndimage.label(labels == k)[1]
            lasted = sorted((birth - death for birth, death in components(row[..., k], labels >= 0)), reverse=True)
            lasted = np.append(lasted, np.zeros(true))
            found.append((((1 - lasted[:true]) ** 2).sum() + (lasted[true:] ** 2).sum()) / (1 + true))
    return np.mean(found)


@pytest.mark.parametrize("shape", [(24,), (5, 6)], ids=["signal", "image"])
@pytest.mark.parametrize("seed", range(3))
def test_thresholds_one_after_the_other_agree(shape, seed):
    rng = np.random.default_rng(seed)
    prob = rng.dirichlet(np.ones(3), (2, *shape)).astype("float32")
    y = rng.integers(-1, 3, (2, *shape))
    assert number(Topological()(y, prob)) == pytest.approx(by_thresholds(y, prob), rel=1e-4)


def pull(y, present):
    """Where the loss wants the probability of class 1 to go, step by step."""
    present = np.asarray(present, "float32")
    prob = np.stack([1 - present, present], axis=-1)[np.newaxis]
    return -gradient(lambda p: Topological(background=0)(np.array([y]), p), prob)[0, ..., 1]


def test_the_surplus_goes_down_and_the_rest_up():
    toward = pull([0, 1, 1, 1, 1, 0], [0.1, 0.9, 0.4, 0.7, 0.2, 0.1])
    # (1 - 0.9) ** 2 + (0.7 - 0.4) ** 2, to 1 + 1
    np.testing.assert_allclose(toward, [0, 0.1, 0.3, -0.3, 0, 0], atol=1e-5)


def test_what_is_missing_is_dug_out():
    toward = pull([1, 1, 0, 1, 1, 0], [0.1, 0.9, 0.4, 0.7, 0.2, 0.1])
    # (1 - 0.9) ** 2 + (1 - (0.7 - 0.4)) ** 2, to 1 + 2
    np.testing.assert_allclose(toward, np.array([0, 0.1, -0.7, 0.7, 0, 0]) * 2 / 3, atol=1e-5)


def test_in_an_image_objects_are_parted_at_the_pass_between_them():
    y = [[1, 0, 1], [1, 0, 1], [0, 0, 0]]
    toward = pull(y, [[0.9, 0.3, 0.8], [0.7, 0.6, 0.75], [0.1, 0.2, 0.05]])
    assert np.argwhere(toward < -1e-6).tolist() == [[1, 1]]
    assert np.argwhere(toward > 1e-6).tolist() == [[0, 0], [0, 2]]


def test_fewer_peaks_than_segments_cost_one_each():
    flat = np.full((1, 7, 2), [1.0, 0.0], "float32")
    y = np.array([[0, 1, 0, 1, 0, 1, 0]])
    assert number(Topological(background=0)(y, flat)) == pytest.approx(3 / 4)


def test_a_compiled_model_trains_with_it():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((None, 1)), keras.layers.Conv1D(2, 5, padding="same", activation="softmax")])
    compiled = {"jit_compile": False} if keras.backend.backend() == "tensorflow" else {}
    model.compile(keras.optimizers.Adam(0.05), CrossEntropy() + 0.5 * Topological(), **compiled)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(4, 40, 1)).astype("float32")
    y = (x[..., 0] > 0.3).astype(int)
    history = model.fit(x, y, epochs=8, batch_size=4, verbose=0).history["loss"]
    assert np.isfinite(history).all()
    assert history[-1] < history[0]


def test_volumes_are_refused():
    with pytest.raises(InputError, match=r"1 or 2 spatial axes\. Received shape \(1, 2, 2, 2\)"):
        Topological()(np.zeros((1, 2, 2, 2), int), np.full((1, 2, 2, 2, 2), 0.5))
