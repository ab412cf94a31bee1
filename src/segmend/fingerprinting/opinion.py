"""Items whose labels a model that was fitted on others doubts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from segmend.artifacts.opinion import ClassOpinion, SecondOpinion, Suspect
from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.types import FloatArray, IntArray
from segmend.fingerprinting.fitted import Floor
from segmend.fingerprinting.intervals import share_between
from segmend.fingerprinting.rows import Rows

FEWEST = 12
"""Items of a class of which its middle is known."""

APART = 3.0
"""Robust standard deviations between the middles of two classes: of normal scores 0.1 per cent lie beyond."""

EDGE = 0.15
"""Of an item, at either end, that is left out: whether a border is right is another question."""

BETWEEN = 0.25
"""Of the way from one class's middle to the other's: what lies further from both is torn."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Items and what is said of them, one entry each.

    Attributes:
        said: mean probability of each class, shape (n, classes).
        given: class number, shape (n,).
        group: number of its group, shape (n,).
        recording: number of its recording, shape (n,).
        start, stop: in steps, shape (n,).
    """

    said: FloatArray
    given: IntArray
    group: IntArray
    recording: IntArray
    start: IntArray
    stop: IntArray


def opinion(floor: Floor, recordings: Sequence[Recording], rows: Sequence[Rows]) -> SecondOpinion | None:
    """What the floor says of items that it was not fitted on; None where labels may overlap, and of images' objects.

    Args:
        floor: fitted.
        recordings: that it was fitted on.
        rows: what was measured of them.
    """
    task, labels = floor.sampler.task, floor.sampler.labels
    if task.labels == "multilabel" or (task.kind == "segmentation" and task.rank > 1):
        return None
    return doubts(_items(floor, recordings, rows), labels, [each.name for each in recordings])


def doubts(judged: Judged, labels: Labels, names: Sequence[str]) -> SecondOpinion | None:
    """Compare each item with those of every other class, where classes lie apart.

    An item of class i is doubted for j where p_j / t_j - p_i / t_i, with t the mean probability that a class's own
    items have of it (the thresholds of confident learning), is what half of the items of j have, or more. Where a
    class's scores spread as far as j lies away, right items are doubted too; such classes are left out.

    Source: Northcutt, Jiang, Chuang, Confident learning: estimating uncertainty in dataset labels, JAIR 70 (2021), here
    for items in place of samples, and with the spread of a class in place of a count of its errors.

    Args:
        judged: the items.
        labels: class names and the background.
        names: of recordings.

    Returns:
        None where no class lies apart from the others.
    """
    usual = [k for k in labels.foreground if np.count_nonzero(judged.given == k) >= FEWEST]
    if len(usual) < 2:
        return None
    classes, doubted, closest = [], np.zeros(judged.given.size, bool), np.zeros(judged.given.size, np.int64)
    looked = np.zeros(judged.given.size, bool)
    margin, torn = np.full(judged.given.size, -np.inf), 0
    for k in usual:
        mine = np.flatnonzero(judged.given == k)
        above, apart, tail = _compared(judged, k, [each for each in usual if each != k])
        if min(apart) < APART:
            continue
        looked[mine], margin[mine] = True, above.max(axis=1)
        way = (1 + above / apart).max(axis=1)
        torn += int(np.count_nonzero((way >= BETWEEN) & (way < 1 - BETWEEN)))
        closest[mine] = np.array([each for each in usual if each != k])[above.argmax(axis=1)]
        doubted[mine] = margin[mine] >= 0
        name, count = labels.names[k], int(doubted[mine].sum())
        classes.append(ClassOpinion(name=name, items=mine.size, doubted=count, tail=tail, apart=min(apart)))
    if not classes:
        return None
    group = judged.group[looked]
    low, high = share_between(np.bincount(group, doubted[looked]), np.bincount(group))
    worst = np.flatnonzero(doubted)[np.argsort(-margin[doubted], kind="stable")]
    return SecondOpinion(
        classes=tuple(classes),
        items=int(looked.sum()),
        doubted=int(doubted.sum()),
        torn=torn,
        low=low,
        high=high,
        groups=np.unique(judged.group[doubted]).size,
        suspects=tuple(
            Suspect(
                recording=names[judged.recording[n]],
                start=int(judged.start[n]),
                stop=int(judged.stop[n]),
                given=labels.names[judged.given[n]],
                looks_like=labels.names[closest[n]],
            )
            for n in worst.tolist()
        ),
    )


def _items(floor: Floor, recordings: Sequence[Recording], rows: Sequence[Rows]) -> Judged:
    """Mean probabilities over the places in each item, by the model that was not fitted on its group."""
    groups: dict[str, int] = {}
    columns: list[tuple[Any, ...]] = []
    given: IntArray
    start: IntArray
    stop: IntArray
    for number, (each, row) in enumerate(zip(recordings, rows, strict=True)):
        said = floor.said(each, row)
        group = groups.setdefault(floor.unit(each), len(groups))
        if each.segments is None:
            given = np.array(each.classes or (), np.int64)[:1]
            means, start, stop = said[: given.size], np.zeros_like(given), np.zeros_like(given)
        else:
            means, kept = _means(each, row.places[:, 0], said)
            given, start, stop = each.segments.label[kept], each.segments.start[kept], each.segments.stop[kept]
        columns.append((means, given, np.full(given.size, group), np.full(given.size, number), start, stop))
    return Judged(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def _means(recording: Recording, step: IntArray, said: FloatArray) -> tuple[FloatArray, IntArray]:
    """Mean probabilities of the segments that hold two places or more, and their numbers."""
    table = recording.segments
    assert table is not None
    if not len(table):
        return said[:0], np.zeros(0, np.int64)
    owner = np.maximum(np.searchsorted(table.start, step, side="right") - 1, 0)
    edge = np.floor(EDGE * table.length[owner])
    inside = (step >= table.start[owner] + edge) & (step < table.stop[owner] - edge)
    count = np.bincount(owner[inside], minlength=len(table))
    sums = [np.bincount(owner[inside], column[inside], minlength=len(table)) for column in said.T]
    kept = np.flatnonzero(count >= 2)
    return np.stack(sums, axis=1)[kept] / count[kept, np.newaxis], kept


def _compared(judged: Judged, k: int, others: Sequence[int]) -> tuple[FloatArray, list[float], float]:
    """How far items of a class lie beyond the middle of each other one, how far these are away, and the chance."""
    own = judged.given == k
    above, apart, tail = [], [], 0.0
    for other in others:
        theirs = judged.given == other
        usual = judged.said[theirs, other].mean(), judged.said[own, k].mean()
        score = judged.said[:, other] / max(usual[0], 1e-9) - judged.said[:, k] / max(usual[1], 1e-9)
        middle, far = float(np.median(score[own])), float(np.median(score[theirs]))
        spread = 1.4826 * float(np.median(np.abs(score[own] - middle)))
        distance = (far - middle) / max(spread, 1e-6)
        above.append((score[own] - far) / max(spread, 1e-6))
        apart.append(distance)
        tail += 0.5 * math.erfc(distance / math.sqrt(2))
    return np.stack(above, axis=1), apart, min(1.0, tail)
