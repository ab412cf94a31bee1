"""Which labels hold together, where labels may overlap."""

from __future__ import annotations

import numpy as np

from segmend.artifacts.relations import CoOccurrence
from segmend.core.labels import Labels
from segmend.core.types import IntArray
from segmend.fingerprinting.items import Items

CELLS = 1 << 20
"""Cells of a table of steps or events by classes that are looked at together."""


def co_occurrence(together: IntArray, judged: int, labels: Labels) -> tuple[CoOccurrence, ...]:
    """Pairs of labels that hold together somewhere, or would be expected to at least once.

    Args:
        together: steps that hold both classes, shape (classes, classes); on the diagonal those of each class.
        judged: steps that are judged.
        labels: class names.

    Examples:
        >>> both = np.array([[4, 1], [1, 5]])
        >>> [(pair.together, pair.expected) for pair in co_occurrence(both, 10, Labels.of(["a", "b"], None))]
        [(1, 2.0)]
    """
    each = np.diagonal(together).astype(np.float64)
    expected = np.outer(each, each) / max(1, judged)
    pairs = np.argwhere(np.triu((together > 0) | (expected >= 1), k=1))
    return tuple(
        CoOccurrence(
            one=labels.names[a], other=labels.names[b], together=int(together[a, b]), expected=float(expected[a, b])
        )
        for a, b in pairs.tolist()
    )


def of_items(items: Items, classes: int) -> IntArray:
    """Steps that lie in segments of both classes, shape (classes, classes).

    Examples:
        >>> from segmend.core.segments import Segments
        >>> of_items(Items.of([Segments.from_rows([(0, 6, 0), (4, 9, 1)])]), 2).tolist()
        [[6, 2], [2, 5]]
    """
    found = np.zeros((classes, classes))
    time, step, label = _events(items)
    lasts = np.diff(time, append=time[-1:])
    held = np.zeros(classes, np.int64)
    rows = max(1, CELLS // classes)
    for first in range(0, time.size, rows):
        part = slice(first, first + rows)
        change = np.zeros((time[part].size, classes), np.int64)
        change[np.arange(len(change)), label[part]] = step[part]
        state = held + np.cumsum(change, axis=0)
        held = state[-1]
        active = (state > 0).astype(np.float64)
        found += (active * lasts[part, np.newaxis]).T @ active
    return found.astype(np.int64)


def of_grid(has: IntArray) -> IntArray:
    """Of labels of pixels or of whole recordings.

    Args:
        has: 1 where a class holds, shape (..., classes); other values are none.

    >>> of_grid(np.array([[1, 1], [1, 0]])).tolist()
    [[2, 1], [1, 1]]
    """
    table = has.reshape(-1, has.shape[-1])
    found = np.zeros((has.shape[-1],) * 2)
    rows = max(1, CELLS // table.shape[1])
    for first in range(0, len(table), rows):
        held = (table[first : first + rows] == 1).astype(np.float64)
        found += held.T @ held
    return found.astype(np.int64)


def _events(items: Items) -> tuple[IntArray, IntArray, IntArray]:
    """Moment, +1 or -1, and class of each begin and end, in order; recordings are laid end to end."""
    offset = items.end_to_end()
    time = np.concatenate((items.start + offset, items.stop + offset))
    order = np.argsort(time, kind="stable")
    step = np.repeat(np.array([1, -1]), items.start.size)
    return time[order], step[order], np.concatenate((items.label, items.label))[order]
