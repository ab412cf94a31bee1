"""What the labels of many recordings say together, for every task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.artifacts.comb import Comb
from segmend.artifacts.fingerprint import ClassFacts, Quantiles
from segmend.artifacts.relations import CoOccurrence, Transition
from segmend.core.labels import Labels
from segmend.core.task import Task
from segmend.core.types import IntArray
from segmend.fingerprinting.co_occurrence import co_occurrence, of_grid, of_items
from segmend.fingerprinting.comb import comb
from segmend.fingerprinting.independent import effective_number, of_lengths
from segmend.fingerprinting.items import Items, class_facts, quantiles
from segmend.fingerprinting.marks import Mark
from segmend.fingerprinting.objects import Marked, object_facts
from segmend.fingerprinting.transitions import transitions


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What the labels of many recordings say together.

    Attributes:
        classes: one entry per class but the background.
        background_share: share of the judged steps that no class holds.
        duration, gap: of all items; of images diameters and spacings of objects, in pixels.
        labelled: steps behind the shares.
        items: number of segments, objects or labels.
        transitions, co_occurrence: as in a fingerprint.
        effective: how many independent items they are worth.
        comb: as in a fingerprint.
    """

    classes: tuple[ClassFacts, ...]
    background_share: float
    duration: Quantiles
    gap: Quantiles
    labelled: int
    items: int
    transitions: tuple[Transition, ...] = ()
    co_occurrence: tuple[CoOccurrence, ...] = ()
    effective: float | None = None
    comb: Comb | None = None


def together(marks: Sequence[Mark], groups: IntArray, task: Task, labels: Labels) -> Marks:
    """What the labels of all recordings say.

    Args:
        marks: one per recording.
        groups: group number of each recording, shape (recordings,).
        task: decides what is measured.
        labels: class names and the background.
    """
    if task.kind == "classification":
        return _of_wholes(marks, groups, task, labels)
    return (_of_signals if task.rank == 1 else _of_images)(marks, groups, task, labels)


def _of_signals(marks: Sequence[Mark], groups: IntArray, task: Task, labels: Labels) -> Marks:
    none = np.zeros(0, np.int64)
    tables = [mark.table for mark in marks if mark.table is not None]
    items = Items.of(tables, [none if mark.cuts is None else mark.cuts for mark in marks])
    covered, judged = items.covered(), sum(mark.judged for mark in marks)
    overlap = task.labels == "multilabel"
    labelled = covered if labels.background is None and not overlap else judged
    return Marks(
        classes=class_facts(items, labels, labelled, groups),
        background_share=(labelled - covered) / max(1, labelled),
        duration=quantiles(items.length),
        gap=quantiles(items.gaps()),
        labelled=labelled,
        items=items.start.size,
        transitions=transitions(items, labels),
        co_occurrence=co_occurrence(of_items(items, len(labels)), judged, labels) if overlap else (),
        effective=of_lengths(items.length, items.label, groups[items.recording]),
        comb=comb(items.length, items.label),
    )


def _of_images(marks: Sequence[Mark], groups: IntArray, task: Task, labels: Labels) -> Marks:
    pixels = sum((mark.steps for mark in marks), np.zeros(len(labels), np.int64))
    judged = sum(mark.judged for mark in marks)
    found = Marked.join([mark.objects for mark in marks if mark.objects is not None])
    both = [mark.together for mark in marks if mark.together is not None]
    return Marks(
        classes=object_facts(found, labels, pixels, judged, groups),
        background_share=(judged - sum(mark.held for mark in marks)) / max(1, judged),
        duration=quantiles(found.diameter),
        gap=quantiles(found.spacing[~np.isnan(found.spacing)]),
        labelled=judged,
        items=len(found),
        co_occurrence=co_occurrence(np.sum(both, axis=0), judged, labels) if both else (),
        effective=of_lengths(found.diameter, found.label, groups[found.image]),
    )


def _of_wholes(marks: Sequence[Mark], groups: IntArray, task: Task, labels: Labels) -> Marks:
    has = np.stack([mark.steps for mark in marks]) if marks else np.zeros((0, len(labels)), np.int64)
    recordings = has.sum(axis=0)
    judged, total = len(marks), int(recordings.sum())
    overlap = task.labels == "multilabel"
    return Marks(
        classes=tuple(_class_of_wholes(labels.names[k], has[:, k], total, groups) for k in labels.foreground),
        background_share=0.0,
        duration=Quantiles(),
        gap=Quantiles(),
        labelled=judged,
        items=total,
        co_occurrence=co_occurrence(of_grid(has), judged, labels) if overlap else (),
        effective=_worth(has, total, groups),
    )


def _class_of_wholes(name: str, has: IntArray, total: int, groups: IntArray) -> ClassFacts:
    mine = int(has.sum())
    share = mine / max(1, has.size)
    return ClassFacts(
        name=name,
        steps=mine,
        step_share=share,
        segments=mine,
        segment_share=mine / max(1, total),
        recordings=mine,
        duration=Quantiles(),
        gap=Quantiles(),
        rate=share,
        effective_segments=_worth(has, mine, groups),
    )


def _worth(has: IntArray, items: int, groups: IntArray) -> float | None:
    """As many items as are left by the design effect of whether recordings of a group have the same classes."""
    effective = effective_number(has, groups)
    return None if effective is None else items * effective / len(has)
