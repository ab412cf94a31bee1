"""One answer per recording: the mean over its tiles, by hand and by one call per tile."""

from __future__ import annotations

import numpy as np
import pytest

from segmend.core.resize import resized
from segmend.errors import InputError
from segmend.prediction import classify, classify_many


class Brightness:
    """A model that answers the mean of its window, and its first pixel; counts its calls."""

    def __init__(self, rank=1, channels=1):
        self.input_shape = (None, *(None,) * rank, channels)
        self.calls = []

    def predict_on_batch(self, tiles):
        self.calls.append(tiles.shape)
        flat = tiles.reshape(len(tiles), -1)
        return np.stack([flat.mean(axis=1), flat[:, 0]], axis=1)


def test_the_mean_over_tiles_by_hand():
    signal = np.array([[0.0], [2.0], [4.0], [6.0], [8.0]])  # tiles 0..2, 2..4 and the last, 3..5
    assert classify(Brightness(), signal, window=2).tolist() == pytest.approx([(1 + 5 + 7) / 3, (0 + 4 + 6) / 3])


def test_what_is_smaller_than_the_window_is_continued_by_its_edge():
    assert classify(Brightness(), np.array([[1.0], [3.0]]), window=4)[0] == pytest.approx((1 + 3 + 3 + 3) / 4)


def test_resizing_makes_one_window_of_an_image():
    model = Brightness(rank=2)
    image = np.full((6, 10, 1), 7, np.uint8)
    np.testing.assert_allclose(classify(model, image, window=4, fit="resize"), [7, 7], rtol=1e-6)
    assert model.calls == [(1, 4, 4, 1)]


@pytest.mark.parametrize("rank", [1, 2])
def test_many_at_once_equal_one_by_one_in_batches_of_one_shape(rank):
    rng = np.random.default_rng(rank)
    signals = [rng.normal(size=(*rng.integers(1, 20, rank), 1)) for _ in range(30)]
    model = Brightness(rank)
    together = classify_many(model, signals, window=5, hop=3, batch=16)
    assert set(model.calls) == {(16, *(5,) * rank, 1)}
    for rows, signal in zip(together, signals, strict=True):
        assert rows.dtype == np.float32
        np.testing.assert_allclose(rows, classify(Brightness(rank), signal, window=5, hop=3, batch=1), atol=1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"window": 4, "hop": 5}, "expected from 1 to the window"),
        ({"window": 4, "fit": "stretch"}, 'Received "stretch"'),
        ({"window": (4, 4)}, "spatial axes"),
    ],
)
def test_what_does_not_fit_is_refused(options, message):
    with pytest.raises(InputError, match=message):
        classify(Brightness(), np.zeros((9, 1)), **options)
    with pytest.raises(InputError, match="as the model"):
        classify(Brightness(), np.zeros((9, 2)), window=4)


def test_resizing_keeps_constants_and_lines_and_averages_what_shrinks():
    np.testing.assert_allclose(resized(np.full((7, 5, 3), 2.5), (3, 9)), 2.5, rtol=1e-6)
    ramp = np.arange(40.0)[:, None]
    np.testing.assert_allclose(resized(ramp, (10,))[1:-1, 0], np.arange(10)[1:-1] * 4 + 1.5, atol=1e-5)
    checks = np.indices((64, 64)).sum(axis=0)[..., None] % 2
    np.testing.assert_allclose(resized(checks, (8, 8)), 0.5, atol=0.02)
    assert resized(ramp, (40,)).tolist() == ramp.tolist()
