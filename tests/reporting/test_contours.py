"""Outlines close, enclose what they should, and stay near the exact border."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from segmend.reporting.contours import outlines, path, simplified

images = hnp.arrays(
    np.int64, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12), elements=st.integers(0, 3)
)


def area(points):
    """Signed area by the shoelace formula, positive where the line runs clockwise on a screen."""
    x, y = points.T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2)


def corners(numbers, k):
    """Convex corners minus reflex ones over 8, per pixel corner: what cutting corners at the middles takes away."""
    inside = np.pad((numbers == k).astype(int), 1)
    quads = inside[:-1, :-1] + inside[1:, :-1] + inside[:-1, 1:] + inside[1:, 1:]
    diagonal = (quads == 2) & (inside[:-1, :-1] == inside[1:, 1:])
    return (np.count_nonzero(quads == 1) - np.count_nonzero(quads == 3)) / 8, np.count_nonzero(diagonal) / 4


@settings(max_examples=150, deadline=None)
@given(images)
def test_lines_through_the_middles_enclose_the_pixels_less_their_corners(numbers):
    found = outlines(numbers, tolerance=0.0)
    assert sorted(found) == sorted(set(np.unique(numbers)) - {0})
    for k, borders in found.items():
        lost, slack = corners(numbers, k)
        exact = np.count_nonzero(numbers == k) - lost
        assert abs(sum(map(area, borders)) - exact) <= slack + 1e-9


def test_a_ring_has_an_outside_and_a_hole():
    ring = np.ones((5, 5), int)
    ring[2, 2] = 0
    outside, hole = sorted(outlines(ring)[1], key=area, reverse=True)
    assert area(outside) > 20
    assert area(hole) == pytest.approx(-0.5)


def test_a_slanted_border_is_a_straight_line():
    steps = np.tri(20, dtype=int)
    (border,) = outlines(steps)[1]
    assert len(border) <= 8


@settings(max_examples=50, deadline=None)
@given(hnp.arrays(np.float64, st.tuples(st.integers(3, 30), st.just(2)), elements=st.floats(-50, 50, width=16)))
def test_left_out_points_lie_near_the_line_that_is_left(points):
    kept = simplified(points, 1.0)
    ends = np.roll(kept, -1, axis=0)
    for point in points:
        along = ends - kept
        length = np.maximum(np.sum(along**2, axis=1), 1e-12)
        at = (
            np.sum((point - kept) * along, axis=1) / length
        )  # on the whole line: outlines do not turn back on themselves
        away = np.hypot(*(point - kept - along * at[:, None]).T)
        near = np.hypot(*(point - kept).T)
        assert min(away.min(), near.min()) <= 1.0 + 1e-6


def test_a_path_is_closed_and_leaves_out_points_that_round_to_one():
    assert path([np.array([[0.0, 0.0], [0.01, 0.0], [2.0, 0.0], [2.0, 1.0]])], 10) == "M0 0l20 0 0 10z"


def test_many_objects_take_little_time_and_text():
    numbers = np.kron(np.arange(1, 401).reshape(20, 20), np.ones((20, 20), int))
    numbers[::20] = numbers[:, ::20] = 0
    found = outlines(numbers)
    assert len(found) == 400
    assert sum(len(path(borders, 10)) for borders in found.values()) < 400 * 80
