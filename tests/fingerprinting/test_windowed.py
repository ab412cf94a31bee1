"""Features of windows, beside plain loops."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.fingerprinting.windowed import everywhere, number_of, windowed


def by_hand(samples, place, reach):
    """Mean, spread, roughness and slopes of each channel in one window."""
    values = np.asarray(samples, float)
    shape = values.shape[:-1]
    window = tuple(slice(max(0, at - reach), min(side, at + reach + 1)) for at, side in zip(place, shape, strict=True))
    axes = tuple(range(len(shape)))
    rough = np.zeros_like(values)
    for axis in axes:
        before = np.roll(values, 1, axis=axis)
        first = (slice(None),) * axis + (slice(0, 1),)
        before[first] = values[first]
        rough += (values - before) ** 2
    seen = values[window]
    columns = [seen.mean(axis=axes), seen.std(axis=axes), np.sqrt(rough[window].mean(axis=axes))]
    for axis in axes:
        first, second = list(window), list(window)
        first[axis], second[axis] = slice(window[axis].start, place[axis] + 1), slice(place[axis], window[axis].stop)
        columns.append(values[tuple(second)].mean(axis=axes) - values[tuple(first)].mean(axis=axes))
    return np.concatenate(columns)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 7), min_size=1, max_size=2), st.lists(st.integers(1, 5), min_size=1, max_size=2))
def test_features_equal_plain_loops(shape, reaches):
    rng = np.random.default_rng(sum(shape))
    samples = rng.normal(size=(*shape, 2)) + 1000
    places = everywhere(shape)
    found = windowed(samples, places, reaches)
    expected = [np.concatenate([by_hand(samples, place, reach) for reach in reaches]) for place in places]
    assert found.shape == (len(places), number_of(len(reaches), len(shape), 2))
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_what_is_not_finite_counts_as_the_mean():
    samples = np.array([[1.0], [np.nan], [3.0], [np.inf], [2.0]])
    filled = np.where(np.isfinite(samples), samples, 2.0)
    places = everywhere((5,))
    np.testing.assert_allclose(windowed(samples, places, [1]), windowed(filled, places, [1]))


def test_a_channel_without_a_finite_sample_has_features_of_zero():
    assert not windowed(np.full((4, 1), np.nan), everywhere((4,)), [1]).any()


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32])
def test_unsigned_and_small_numbers_do_not_wrap(dtype):
    samples = np.array([[250], [5], [250]], dtype)
    np.testing.assert_allclose(windowed(samples, np.array([[1]]), [1]), [by_hand(samples, (1,), 1)])


def test_everywhere_is_every_place():
    assert everywhere((2, 3)).tolist() == [list(place) for place in itertools.product(range(2), range(3))]
