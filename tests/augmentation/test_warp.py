import numpy as np
import pytest

from segmend.augmentation import Shift, Stretch, TimeWarp
from segmend.errors import InputError
from tests.augmentation.arrays import arrays
from tests.augmentation.draws import with_draws

RAMP = np.arange(8, dtype="float32").reshape(1, 8, 1)
Y = np.array([[0, 0, 1, 1, 2, 2, 0, 0]])


def test_a_shift_by_three_moves_everything_and_ignores_the_seam(monkeypatch):
    shift = with_draws(Shift(), monkeypatch, 3 / 8)
    weight = np.ones((1, 8), "float32")
    x, y, weight = arrays(shift((RAMP, Y, weight)))
    assert x.ravel().tolist() == [5, 6, 7, 0, 1, 2, 3, 4]
    assert y.ravel().tolist() == [2, 0, -1, -1, 0, 1, 1, 2]
    assert weight.ravel().tolist() == [1, 1, 0, 0, 1, 1, 1, 1]


def test_a_shift_by_nothing_has_no_seam(monkeypatch):
    x, y = arrays(with_draws(Shift(), monkeypatch, 0.0)((RAMP, Y)))
    assert np.array_equal(x, RAMP) and np.array_equal(y, Y)


@pytest.mark.parametrize(("at", "by"), [(0.0, -2), (0.5, 0), (0.999, 2)])
def test_the_furthest_shift(monkeypatch, at, by):
    x, _ = arrays(with_draws(Shift(2), monkeypatch, at)((RAMP, Y)))
    assert x.ravel().tolist() == np.roll(RAMP.ravel(), by).tolist()


def test_twice_as_fast_from_the_start_leaves_the_end_ignored(monkeypatch):
    stretch = with_draws(Stretch(2.0), monkeypatch, 1.0, 0.0)
    x, y = arrays(stretch((RAMP, Y)))
    assert x.ravel() == pytest.approx([0, 2, 4, 6, 7, 7, 7, 7], abs=1e-5)
    assert y.ravel().tolist() == [0, 1, 2, 0, -1, -1, -1, -1]


def test_half_as_fast_shows_a_part(monkeypatch):
    stretch = with_draws(Stretch(2.0), monkeypatch, 0.0, 1.0)
    x, y = arrays(stretch((RAMP, Y)))
    assert x.ravel() == pytest.approx(np.arange(8) / 2 + 3.5, abs=1e-5)
    assert y.ravel().tolist() == [2, 2, 2, 2, 0, 0, 0, 0]


def test_a_warp_keeps_both_ends_and_the_order_and_plays_within_its_speeds():
    x, y = np.tile(np.arange(50, dtype="float32")[None, :, None], (64, 1, 1)), np.zeros((64, 50), int)
    x, _ = arrays(TimeWarp(2.0, knots=4, seed=3)((x, y)))
    played = np.diff(x[..., 0], axis=1)
    assert np.all(x[:, 0] == 0) and x[:, -1] == pytest.approx(49)
    assert 0.5 - 1e-4 < played.min() < 0.75 and 1.4 < played.max() < 2.0 + 1e-4


def test_a_warp_at_one_speed_changes_nothing(monkeypatch):
    x, y = arrays(with_draws(TimeWarp(3.0), monkeypatch, 0.9)((RAMP, Y)))
    assert x == pytest.approx(RAMP, abs=1e-5)
    assert np.array_equal(y, Y)


def test_segments_as_long_as_the_highest_speed_survive_a_warp():
    y = np.tile(np.repeat(np.arange(20), 2), (200, 1))
    _, warped = arrays(TimeWarp(2.0, knots=8, seed=1)((np.zeros((200, 40, 1), "float32"), y)))
    assert all(len(set(row)) == 20 for row in warped)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: TimeWarp(0.5), "speed: expected a number of at least 1. Received 0.5"),
        (lambda: TimeWarp(knots=1), "knots: expected an integer of at least 2. Received 1"),
        (lambda: Shift(0), "furthest: expected an integer of at least 1. Received 0"),
        (lambda: Stretch(share=2), "share: expected a number from 0 to 1. Received 2"),
        (lambda: Stretch(labels="step"), "labels: expected one of"),
        (lambda: Stretch()(RAMP), "batch: expected"),
        (lambda: Stretch()((RAMP.astype(int), Y)), "x: expected floating-point signals"),
        (lambda: Stretch()((RAMP, Y.astype("uint8"))), "y: expected a type that can hold -1. Received uint8"),
        (lambda: Stretch()((RAMP, Y[:, :5])), "y: expected shape"),
        (lambda: Stretch()((RAMP, Y, np.ones((1, 5)))), "sample_weight: expected shape"),
        (lambda: Stretch()((RAMP[..., None], Y)), "x: Stretch expects shape"),
    ],
)
def test_what_is_wrong_is_said(make, message):
    with pytest.raises(InputError, match=message):
        make()
