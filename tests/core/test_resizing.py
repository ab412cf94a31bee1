from __future__ import annotations

import numpy as np
import pytest

from segmend.core.resizing import resize


def test_the_same_size_changes_nothing():
    image = np.random.default_rng(0).integers(0, 255, (5, 7, 3)).astype("uint8")
    np.testing.assert_array_equal(resize(image, (5, 7)), image)


@pytest.mark.parametrize("sides", [(3, 4), (20, 9), (1, 1), (13, 26)])
def test_a_flat_image_stays_flat(sides):
    np.testing.assert_allclose(resize(np.full((13, 8, 2), 3.0), sides), 3.0, rtol=1e-6)


def test_halves_are_means_of_pairs():
    image = np.arange(16.0).reshape(4, 4, 1)
    means = image.reshape(2, 2, 2, 2).mean(axis=(1, 3))
    np.testing.assert_allclose(resize(image, (2, 2))[..., 0], means)


@pytest.mark.parametrize("side", [5, 10, 15, 40])
def test_a_ramp_keeps_its_slope_between_pixel_centres(side):
    ramp = np.arange(20.0)[None, :, None]
    made = resize(ramp, (1, side))[0, :, 0]
    centres = (np.arange(side) + 0.5) * 20 / side - 0.5
    inner = (centres > 2) & (centres < 17)
    np.testing.assert_allclose(made[inner], centres[inner], atol=1e-5)
