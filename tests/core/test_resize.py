from __future__ import annotations

import numpy as np
import pytest

from segmend.core.resize import resized


def test_the_same_size_changes_nothing():
    image = np.random.default_rng(0).integers(0, 255, (5, 7, 3)).astype("uint8")
    np.testing.assert_array_equal(resized(image, (5, 7)), image)


@pytest.mark.parametrize("sides", [(3, 4), (20, 9), (1, 1), (13, 26)])
def test_a_flat_image_stays_flat(sides):
    np.testing.assert_allclose(resized(np.full((13, 8, 2), 3.0), sides), 3.0, rtol=1e-6)


def test_each_new_pixel_weighs_what_it_covers():
    """Half as many: a triangle over four old pixels, 1 3 3 1 of 8, and at an end what lies inside of it."""
    image = np.array([0.0, 0.0, 8.0, 0.0, 0.0, 0.0])[None, :, None]
    np.testing.assert_allclose(resized(image, (1, 3))[0, :, 0], [8 / 7, 3.0, 0.0], atol=1e-6)


@pytest.mark.parametrize("side", [5, 10, 15, 40])
def test_a_ramp_keeps_its_slope_between_pixel_centres(side):
    ramp = np.arange(20.0)[None, :, None]
    made = resized(ramp, (1, side))[0, :, 0]
    centres = (np.arange(side) + 0.5) * 20 / side - 0.5
    inner = (centres > 2) & (centres < 17)
    np.testing.assert_allclose(made[inner], centres[inner], atol=0.02)
