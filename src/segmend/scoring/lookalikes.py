"""Pairs of segments of different classes that overlap so well that one may have been taken for the other."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from segmend.core.types import IntArray
from segmend.scoring.items import Items, Timeline
from segmend.scoring.overlaps import Overlaps, overlaps

SUBSTITUTION_IOU = 50
"""Per cent of IoU from which an inserted and a deleted segment of different classes are one substitution."""


def across_lanes(line: Timeline, reference: Items, prediction: Items) -> Overlaps:
    """All pairs from different lanes with an IoU of at least ``SUBSTITUTION_IOU``.

    The shorter of such a pair is at least half as long as the longer one, so segments are compared with those of their
    own and the neighbouring octaves of length only: there, a segment meets few others of each class.

    Args:
        line: the recordings end to end, multilabel.
        reference: segments that are there, in their lanes.
        prediction: predicted segments, likewise.
    """
    sides = [_by_octave(items, len(line.y_true)) for items in (reference, prediction)]
    found = [_none()]
    for octave, (rows, ours) in sides[0].items():
        for near in (octave - 1, octave, octave + 1):
            if near in sides[1]:
                columns, theirs = sides[1][near]
                edges = overlaps(ours, theirs)
                edges = edges.take(edges.reaching(SUBSTITUTION_IOU))
                edges = edges.take(ours.label[edges.reference] != theirs.label[edges.prediction])
                found.append((rows[edges.reference], columns[edges.prediction], edges.steps, edges.union))
    row, column, steps, union = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((column, row))
    return Overlaps(row[order], column[order], steps[order], union[order], staircase=False)


def _none() -> tuple[IntArray, IntArray, IntArray, IntArray]:
    none = np.zeros(0, np.int64)
    return none, none, none, none


def _by_octave(items: Items, axis: int) -> dict[int, tuple[IntArray, Items]]:
    """Row numbers and segments of each octave of length, out of their lanes, sorted by start."""
    lane = items.label * axis
    start, stop = items.start - lane, items.stop - lane
    octave = np.frexp(items.size.astype(np.float64))[1]
    order = np.lexsort((stop, start, octave))
    values, first = np.unique(octave[order], return_index=True)
    parts: dict[int, tuple[IntArray, Items]] = {}
    for value, (low, high) in zip(values.tolist(), pairwise([*first.tolist(), len(items)]), strict=True):
        rows = order[low:high]
        parts[value] = rows, Items(items.recording[rows], start[rows], stop[rows], items.label[rows], apart=False)
    return parts
