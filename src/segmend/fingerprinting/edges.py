"""What the signal shows around the borders of marked items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from segmend.core.recording import Recording
from segmend.core.segments import Segments
from segmend.core.types import BoolArray, FloatArray, IntArray

BORDERS = 1 << 12
"""Borders that are looked at, at most, of all recordings together."""

CELLS = 1 << 21
"""Features times places around borders, at most: 8 MiB."""

GRID = 12
"""Places to either side of a border, at most; they cover half of the usual length of its class."""

PLACES = 2 * GRID + 1

NARROW = 4
"""Steps of a gap in which one change can be told from the next."""


class Edges(NamedTuple):
    """Borders of one recording.

    Attributes:
        found: features of the smallest windows at places around each border, shape (n, places, near features).
        known: places between the middle of the item and that of the gap, or of the neighbour that touches, shape
            (n, places).
        label: class number, shape (n,).
        side: 0 where an item starts, 1 where it stops, shape (n,).
        step: steps from one place to the next, shape (n,).
        border: where it was marked, shape (n,).
    """

    found: FloatArray
    known: BoolArray
    label: IntArray
    side: IntArray
    step: FloatArray
    border: IntArray

    @classmethod
    def none(cls, features: int) -> Edges:
        """Of no borders."""
        empty = np.zeros(0, np.int64)
        found = np.zeros((0, PLACES, features), np.float32)
        return cls(found, np.zeros((0, PLACES), bool), empty, empty, np.zeros(0), empty)

    @classmethod
    def join(cls, parts: Sequence[Edges]) -> Edges:
        """Those of several pieces."""
        return cls(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def usual_lengths(recordings: Sequence[Recording], classes: int) -> FloatArray:
    """The median length of the items of each class, 0 of those without, shape (classes,)."""
    tables = [each.segments for each in recordings if each.segments is not None]
    if not tables:
        return np.zeros(classes)
    length = np.concatenate([table.length for table in tables])
    label = np.concatenate([table.label for table in tables])
    return np.array([np.median(length[label == k]) if (label == k).any() else 0.0 for k in range(classes)])


def borders_each(recordings: int, features: int) -> int:
    """How many borders of each recording are looked at.

    >>> borders_each(10, 16)
    409
    """
    return max(4, min(BORDERS, CELLS // (PLACES * max(1, features))) // max(1, recordings))


def around(
    table: Segments, usual: FloatArray, low: int, high: int, most: int, draws: np.random.Generator
) -> tuple[IntArray, Edges]:
    """Places around the borders of some items, shape (n, places), and what is known of these but features.

    Args:
        table: items, sorted by start.
        usual: length of each class, shape (classes,).
        low: first step whose features can be measured.
        high: the step behind the last one.
        most: borders that are looked at, at most.
        draws: decide which.
    """
    items = np.flatnonzero((table.start > low) & (table.stop < high) & (table.length >= 2))
    if items.size > most // 2:
        items = np.sort(draws.choice(items, max(1, most // 2), replace=False))
    label, start, stop = table.label[items], table.start[items], table.stop[items]
    before, behind = (free[items] for free in _free(table))
    middle, step = (start + stop) / 2, np.maximum(1.0, usual[label] / (2 * GRID))
    offset = step[:, np.newaxis] * np.arange(-GRID, GRID + 1)
    near = np.abs(offset) <= np.maximum(2.0, usual[label] / 2)[:, np.newaxis]
    places, known = [], []
    for border, first, last in ((start, before, middle), (stop, middle, behind)):
        at = np.floor(border[:, np.newaxis] + offset).astype(np.int64)
        inside = (at >= np.maximum(first, low)[:, np.newaxis]) & (at < np.minimum(last, high)[:, np.newaxis])
        places.append(np.clip(at, low, high - 1))
        known.append(near & inside)
    side = np.repeat([0, 1], items.size)
    none = np.zeros((side.size, PLACES, 0), np.float32)
    border = np.concatenate((start, stop))
    return np.concatenate(places), Edges(none, np.concatenate(known), np.tile(label, 2), side, np.tile(step, 2), border)


def _free(table: Segments) -> tuple[FloatArray, FloatArray]:
    """Up to where nothing but one border lies, before and behind each item; no limit where no other item is.

    That is the middle of the gap, or of the neighbour that touches. A gap of a few steps has two borders, which are not
    told apart; there the limit is the border itself, which leaves nothing.
    """
    before, behind = np.full(len(table), -np.inf), np.full(len(table), np.inf)
    gap = table.start[1:] - table.stop[:-1]
    middle = (table.stop[:-1] + table.start[1:]) / 2
    centre = (table.start + table.stop) / 2
    before[1:] = np.where(gap >= NARROW, middle, np.where(gap == 0, centre[:-1], table.start[1:]))
    behind[:-1] = np.where(gap >= NARROW, middle, np.where(gap == 0, centre[1:], table.stop[:-1]))
    return before, behind
