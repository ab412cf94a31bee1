"""What people marked in one recording of any task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.core.labels import IGNORE, Labels
from segmend.core.segments import Segments
from segmend.core.types import IntArray
from segmend.fingerprinting.co_occurrence import of_grid
from segmend.fingerprinting.items import class_steps
from segmend.fingerprinting.objects import Marked, class_pixels, objects_of


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """What one recording's labels say.

    Attributes:
        steps: of each class: steps, pixels, or 1 where the whole recording has the class; shape (classes,).
        items: of each class: segments, objects, or 1; shape (classes,).
        judged: steps that are judged, or 1.
        held: judged steps that some class but the background holds; of signals ``table`` tells.
        table: its segments; None but for segmentation of signals.
        objects: its objects; None but for segmentation of images.
        cuts: where stretches that are not judged begin.
        together: pixels that hold two labels which may overlap, shape (classes, classes); None but for such images.
    """

    steps: IntArray
    items: IntArray
    judged: int
    held: int = 0
    table: Segments | None = None
    objects: Marked | None = None
    cuts: IntArray | None = None
    together: IntArray | None = None


def mark_segments(table: Segments, steps: int, labels: Labels, *, cuts: IntArray | None = None) -> Mark:
    """Of a signal's segments.

    Args:
        table: its segments.
        steps: number of steps that are judged.
        labels: class names and the background.
        cuts: where stretches that are not judged begin; None where every step is judged.
    """
    counted = np.bincount(table.label, minlength=len(labels))
    return Mark(class_steps(table, steps, labels), counted, steps, table=table, cuts=cuts)


def mark_image(mask: IntArray, instances: IntArray | None, labels: Labels) -> Mark:
    """Of an image's pixels and objects.

    >>> mark = mark_image(np.array([[0, 1, -1], [0, 1, 2]]), None, Labels.of(["a", "b"]))
    >>> mark.steps.tolist(), mark.items.tolist(), mark.judged, mark.held
    ([2, 2, 1], [0, 1, 1], 5, 3)
    """
    found = objects_of(mask, instances, labels)
    overlap = mask.ndim > 2
    judged = (mask != IGNORE).all(axis=-1) if overlap else mask != IGNORE
    held = (mask == 1).any(axis=-1) & judged if overlap else judged & (mask != labels.background)
    return Mark(
        class_pixels(mask, labels),
        np.bincount(found.label, minlength=len(labels)),
        int(np.count_nonzero(judged)),
        held=int(np.count_nonzero(held)),
        objects=found,
        together=of_grid(mask) if overlap else None,
    )


def mark_whole(classes: Sequence[int], labels: Labels) -> Mark:
    """Of a recording's classes.

    >>> mark_whole([2, 0], Labels.of(["a", "b", "c"], None)).steps.tolist()
    [1, 0, 1]
    """
    has = np.bincount(np.asarray(classes, np.int64), minlength=len(labels))
    return Mark(has, has, 1, held=1)
