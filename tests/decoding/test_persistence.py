"""Births and deaths beside thresholds tried one after the other."""

import numpy as np
import pytest

from segmend.decoding.persistence import deaths
from tests.decoding.brute_force import components


@pytest.mark.parametrize("shape", [(1, 25), (5, 6), (6, 5)])
@pytest.mark.parametrize("seed", range(5))
def test_thresholds_one_after_the_other_agree(shape, seed):
    rng = np.random.default_rng(seed)
    height = 1 + rng.permutation(np.prod(shape)).reshape(shape) / np.prod(shape)
    inside = rng.random(shape) < 0.85
    death = deaths(height[np.newaxis], inside[np.newaxis])[0]
    level = np.append(height, 0.0)
    found = sorted((level[peak], level[death[peak]]) for peak in np.flatnonzero(death >= 0))
    assert found == components(height, inside)


def test_landscapes_stay_apart_and_plateaus_are_one_component():
    height = np.array([[[1.0, 1.0, 0.0, 1.0]], [[0.0, 0.5, 0.5, 0.2]]])
    assert deaths(height, np.ones(height.shape, bool)).tolist() == [[4, -1, -1, 2], [-1, 4, -1, -1]]


def test_what_is_cut_is_no_neighbour():
    height = np.array([[[0.5, 0.9, 0.7]]])
    assert deaths(height, np.array([[[True, False, True]]])).tolist() == [[3, -1, 3]]
    assert deaths(height, np.zeros((1, 1, 3), bool)).tolist() == [[-1, -1, -1]]
