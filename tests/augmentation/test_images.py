import numpy as np
import pytest

from segmend.augmentation import Brightness, Contrast, Flip, Rotation, Translation, Zoom
from segmend.errors import InputError
from tests.augmentation.arrays import arrays

Y = np.array([[[1, 2, 3], [4, 5, 6], [7, 8, 9]]], "int32")


def image(y):
    return y[..., None].astype("float32")


def test_a_flip_mirrors_both_or_neither():
    for mode, mirrored in (("horizontal", Y[:, :, ::-1]), ("vertical", Y[:, ::-1])):
        y = np.repeat(Y, 16, axis=0)
        x, new = arrays(Flip(mode, seed=1)((image(y), y)))
        seen = {row.tobytes() for row in new}
        assert seen == {Y[0].tobytes(), np.ascontiguousarray(mirrored[0]).tobytes()}
        assert np.array_equal(x[..., 0], new)


@pytest.mark.parametrize("fill_mode", ["constant", "nearest", "reflect"])
def test_what_comes_from_outside_is_not_judged_whatever_it_looks_like(fill_mode):
    y = np.repeat(np.full((1, 9, 9), 2), 20, axis=0)
    weight = np.ones((20, 9, 9), "float32")
    translation = Translation(0.5, 0.5, fill_mode=fill_mode, seed=0)
    x, new, new_weight = arrays(translation((image(y), y, weight)))
    assert set(np.unique(new)) == {-1, 2}
    assert np.array_equal(new_weight, new > 0)
    if fill_mode == "constant":
        assert x[new < 0].max() < 2
    else:
        assert x == pytest.approx(2.0)


def test_smaller_images_have_a_frame_that_is_not_judged_and_larger_ones_none():
    y = np.repeat(np.full((1, 21, 21), 3), 60, axis=0)
    _, new = arrays(Zoom(0.5, seed=0)((image(y), y)))
    judged = (new == 3).mean(axis=(1, 2))
    assert judged.max() == 1.0 and (1 / 1.5) ** 2 - 0.06 < judged.min() < 0.6


def test_a_turn_is_within_the_angle_either_way():
    y = np.zeros((200, 41, 41), int)
    y[:, 20, 21:] = 1  # a hand that points to the right
    _, new = arrays(Rotation(30.0, seed=0)((image(y), y)))
    rows, columns = np.meshgrid(np.arange(41) - 20, np.arange(41) - 20, indexing="ij")
    angles = [np.degrees(np.arctan2(rows[hand > 0].mean(), columns[hand > 0].mean())) for hand in new]
    assert -31 < min(angles) < -20 and 20 < max(angles) < 31


def test_light_is_clipped_to_the_range_of_values_and_moves_both_ways():
    x = np.full((200, 2, 2, 1), 0.9, "float32")
    x[:, 0] = 0.5
    y = np.zeros((200, 2, 2), int)
    bright = arrays(Brightness(0.2, value_range=(0, 1), seed=0)((x, y)))[0]
    assert bright.max() == 1.0 and 0.3 <= bright[:, 0].min() < 0.35 and 0.65 < bright[:, 0].max() <= 0.7
    contrast = arrays(Contrast(0.5, value_range=(0, 1), seed=0)((x, y)))[0]
    assert contrast.mean(axis=(1, 2, 3)) == pytest.approx(0.7, abs=1e-5)
    spread = np.ptp(contrast, axis=(1, 2, 3))
    assert 0.2 <= spread.min() < 0.22 and 0.58 < spread.max() <= 0.6 + 1e-5


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Rotation(fill_mode="wrap"), "fill_mode: expected one of"),
        (lambda: Rotation(270), "angle: expected a number from 0 to 180"),
        (lambda: Flip("both"), "mode: expected one of"),
        (lambda: Brightness(2, value_range=(0, 1)), "distance: expected a number from 0 to 1"),
        (lambda: Zoom()((image(Y)[:, 0], Y[:, 0])), "x: Zoom expects shape"),
    ],
)
def test_what_is_wrong_is_said(make, message):
    with pytest.raises(InputError, match=message):
        make()
