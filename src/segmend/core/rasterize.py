"""From a table of segments to one label per step."""

from __future__ import annotations

import numpy as np

from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.core.types import IntArray


def rasterize(segments: Segments, steps: int, background: int | None = 0) -> IntArray:
    """Class number of each step, shape (steps,).

    Rows that overlap are painted in the order of the table, later over earlier; rows are clipped to the recording.
    Without a background class, steps that no row covers get -1 (ignored).

    Examples:
        >>> rasterize(Segments.from_rows([(1, 3, 2), (3, 4, 1)]), 5)
        array([0, 2, 2, 1, 0])
    """
    painted = np.full(steps, -1 if background is None else background, np.int64)
    start = np.clip(segments.start, 0, steps)
    stop = np.clip(segments.stop, start, steps)
    if np.any(start[1:] < stop[:-1]):
        for first, last, label in zip(start.tolist(), stop.tolist(), segments.label.tolist(), strict=True):
            painted[first:last] = label
        return painted
    length = stop - start
    offset = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    painted[np.repeat(start, length) + offset] = np.repeat(segments.label, length)
    return painted


def rasterize_each(segments: Segments, steps: int, classes: int) -> IntArray:
    """0 or 1 for each class at each step, shape (steps, classes), int8; rows may overlap and are clipped.

    Examples:
        >>> rasterize_each(Segments.from_rows([(0, 2, 0), (1, 3, 1)]), 3, 2).tolist()
        [[1, 0], [1, 1], [0, 1]]
    """
    start = np.clip(segments.start, 0, steps)
    stop = np.clip(segments.stop, start, steps)
    change = np.zeros((steps + 1, classes), np.int64)
    np.add.at(change, (start, segments.label), 1)
    np.add.at(change, (stop, segments.label), -1)
    return (np.cumsum(change, axis=0)[:-1] > 0).astype(np.int8)


def paint(segments: Segments, steps: int, labels: Labels, *, multilabel: bool) -> IntArray:
    """The steps of a table in the form of a task: class numbers, or 0 and 1 for each class where labels may overlap."""
    if multilabel:
        return rasterize_each(segments, steps, len(labels))
    return rasterize(segments, steps, labels.background)
