"""Pixels in polygons, against asking for each pixel's middle."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from segmend.formats.polygons import fill


def inside(ring, x, y):
    """Whether a ray to the right crosses the ring an odd number of times."""
    crossings = 0
    for start, stop in zip(ring, [*ring[1:], ring[0]], strict=True):
        (x1, y1), (x2, y2) = sorted([start, stop], key=lambda corner: corner[1])
        if y1 <= y < y2 and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            crossings += 1
    return crossings % 2 == 1


CORNERS = st.tuples(st.integers(-20, 120), st.integers(-20, 120)).map(lambda at: (at[0] / 11, at[1] / 13))


@given(st.lists(st.lists(CORNERS, min_size=1, max_size=7), min_size=1, max_size=3))
def test_it_is_what_each_pixel_says(rings):
    found = fill([np.array(ring) for ring in rings], (8, 9))
    expected = [[any(inside(ring, c + 0.5, r + 0.5) for ring in rings) for c in range(9)] for r in range(8)]
    assert found.tolist() == expected


def test_a_line_there_and_back_encloses_nothing():
    line = np.array([[14 / 11, 9 / 13], [104 / 11, 79 / 13]])
    assert not fill([line], (8, 11)).any()


def test_boxes_take_their_pixels_and_neighbours_share_none():
    left, right = (np.array([[x, 0], [x + 2.5, 0], [x + 2.5, 3], [x, 3]]) for x in (0.0, 2.5))
    both = fill([left], (3, 5)).astype(int) + fill([right], (3, 5))
    assert (both == 1).all()


def test_two_rings_are_united_and_a_ring_that_crosses_itself_has_a_hole():
    square = np.array([[0, 0], [4, 0], [4, 4], [0, 4]], float)
    assert fill([square, square], (4, 4)).all()
    twice = np.concatenate([square, square])
    assert not fill([twice], (4, 4)).any()
