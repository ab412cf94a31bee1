"""What people marked in recordings of any task, as the facts that a fingerprint holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.artifacts.fingerprint import ClassFacts, Quantiles
from segmend.core.labels import IGNORE, Labels
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.core.types import IntArray
from segmend.fingerprinting.items import Items, class_facts, class_steps, quantiles
from segmend.fingerprinting.objects import class_pixels, object_facts, objects_of


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """What one recording's labels say.

    Attributes:
        steps: of each class: steps, pixels, or 1 where the whole recording has the class; shape (classes,).
        items: of each class: segments, objects, or 1; shape (classes,).
        judged: steps that are judged, or 1.
        table: its segments; None but for segmentation of signals.
        mask: class of each pixel, and
        instances: object of each pixel; None but for segmentation of images.
        cuts: where stretches that are not judged begin.
    """

    steps: IntArray
    items: IntArray
    judged: int
    table: Segments | None = None
    mask: IntArray | None = None
    instances: IntArray | None = None
    cuts: IntArray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """What the labels of many recordings say together.

    Attributes:
        classes: one entry per class but the background.
        background_share: share of the judged steps that no class holds.
        duration, gap: of all items; of images diameters and spacings of objects, in pixels.
        labelled: steps behind the shares.
        items: number of segments, objects or labels.
    """

    classes: tuple[ClassFacts, ...]
    background_share: float
    duration: Quantiles
    gap: Quantiles
    labelled: int
    items: int


def mark_segments(table: Segments, steps: int, labels: Labels, *, judged: int | None = None) -> Mark:
    """Of a signal's segments."""
    counted = np.bincount(table.label, minlength=len(labels))
    return Mark(class_steps(table, steps, labels), counted, steps if judged is None else judged, table=table)


def mark_image(mask: IntArray, instances: IntArray | None, labels: Labels) -> Mark:
    """Of an image's pixels and objects."""
    found = objects_of([mask], [instances], labels)
    judged = int((mask != IGNORE).all(axis=-1).sum() if mask.ndim > 2 else np.count_nonzero(mask != IGNORE))
    counted = np.bincount(found.label, minlength=len(labels))
    return Mark(class_pixels(mask, labels), counted, judged, mask=mask, instances=instances)


def mark_whole(classes: Sequence[int], labels: Labels) -> Mark:
    """Of a recording's classes."""
    has = np.bincount(np.asarray(classes, np.int64), minlength=len(labels))
    return Mark(has, has, 1)


def together(marks: Sequence[Mark], task: Task, labels: Labels) -> Marks:
    """What the labels of all recordings say."""
    judged = sum(mark.judged for mark in marks)
    steps = sum((mark.steps for mark in marks), np.zeros(len(labels), np.int64))
    if task.kind == "classification":
        return _of_wholes(steps, judged, labels)
    if task.rank > 1:
        return _of_images(marks, steps, judged, labels)
    tables = [mark.table for mark in marks if mark.table is not None]
    cuts = None if any(mark.cuts is None for mark in marks) else [mark.cuts for mark in marks if mark.cuts is not None]
    items = Items.of(tables, cuts)
    covered = items.covered()
    labelled = covered if labels.background is None and task.labels != "multilabel" else judged
    return Marks(
        classes=class_facts(items, labels, labelled),
        background_share=(labelled - covered) / max(1, labelled),
        duration=quantiles(items.length),
        gap=quantiles(items.gaps()),
        labelled=labelled,
        items=items.start.size,
    )


def _of_wholes(recordings: IntArray, judged: int, labels: Labels) -> Marks:
    total = int(recordings.sum())
    classes = tuple(
        ClassFacts(
            name=labels.names[k],
            steps=int(recordings[k]),
            step_share=int(recordings[k]) / max(1, judged),
            segments=int(recordings[k]),
            segment_share=int(recordings[k]) / max(1, total),
            recordings=int(recordings[k]),
            duration=Quantiles(),
            gap=Quantiles(),
        )
        for k in labels.foreground
    )
    return Marks(classes, 0.0, Quantiles(), Quantiles(), judged, total)


def _of_images(marks: Sequence[Mark], pixels: IntArray, judged: int, labels: Labels) -> Marks:
    masks = [mark.mask for mark in marks if mark.mask is not None]
    found = objects_of(masks, [mark.instances for mark in marks], labels)
    none = judged - int(sum(np.count_nonzero(_held(mask, labels)) for mask in masks))
    return Marks(
        classes=object_facts(found, labels, pixels, judged),
        background_share=none / max(1, judged),
        duration=quantiles(found.diameter),
        gap=quantiles(found.spacing[~np.isnan(found.spacing)]),
        labelled=judged,
        items=len(found),
    )


def _held(mask: IntArray, labels: Labels) -> IntArray:
    """Judged pixels that some class but the background holds."""
    held: IntArray = (mask == 1).any(axis=-1) if mask.ndim > 2 else (mask != IGNORE) & (mask != labels.background)
    return held
