"""What is measured of one recording for a separability floor, and by how much labels are moved."""

from __future__ import annotations

from typing import NamedTuple

from segmend.core.types import FloatArray, IntArray
from segmend.fingerprinting.edges import Edges

MOVED = 1 << 13
"""Places at which labels are looked at with every shift, at most."""

MOVABLE = 1 << 4
"""Classes, at most, whose labels are moved."""

SHIFTS = (1 / 16, 1 / 8, 3 / 16, 1 / 4, 3 / 8, 1 / 2, 3 / 4, 1)
"""By how much, to either side, as shares of the median length of a segment."""


class Rows(NamedTuple):
    """What was measured of a recording.

    Attributes:
        found: features of places, shape (n, features).
        true: 0 or 1 for each class, shape (n, classes).
        places: where they are, shape (n, axes); of a recording that is classified as a whole, 0.
        near: of some places the features of the smallest windows, shape (m, near features).
        moved: what is true there with labels moved by each shift, shape (m, shifts, classes).
        edges: what lies around borders of items; none of images, and of recordings that are classified as a whole.
    """

    found: FloatArray
    true: IntArray
    places: IntArray
    near: FloatArray
    moved: IntArray
    edges: Edges


def shifts_of(length: float) -> tuple[int, ...]:
    """By how many steps labels are moved.

    >>> shifts_of(8)
    (-8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8)
    """
    steps = {max(1, round(share * length)) for share in SHIFTS}
    return tuple(sorted({0} | steps | {-step for step in steps}))
