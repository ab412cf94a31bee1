"""What looks, to a model that was fitted on others, like an item that nobody marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from segmend.artifacts.unmarked import Unmarked, UnmarkedClass, UnmarkedItems
from segmend.core.recording import Recording
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.fingerprinting.fitted import Floor
from segmend.fingerprinting.intervals import share_between
from segmend.fingerprinting.rows import Rows

FEWEST = 12
"""Marked items of a class of which it is known what they look like."""

SEEN = 0.5
"""Of a class's items, at least, that the model sees: otherwise it does not know the class."""

LIKE = 0.5
"""Of the probability that a class has at its own places, at least, where something looks like it."""

PLACES = 2
"""In a run, at least."""


class Runs(NamedTuple):
    """Runs of neighbouring places that a model takes for a class, one entry each.

    Attributes:
        start, stop: first place, and the one behind the last one, in steps, shape (n,).
        score: how sure it is, shape (n,).
        marked: whether they lie in a marked item of the class, shape (n,).
        alone: whether places that are neither marked nor taken for the class lie on either side, shape (n,).
    """

    start: IntArray
    stop: IntArray
    score: FloatArray
    marked: BoolArray
    alone: BoolArray


NONE = Runs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, bool), np.zeros(0, bool))


def unmarked(floor: Floor, recordings: Sequence[Recording], rows: Sequence[Rows]) -> UnmarkedItems | None:
    """Look where nothing of a class is marked for what looks like it.

    A place is taken for a class where its probability over that at the class's own places exceeds the same ratio of the
    background, and a half (the thresholds of confident learning). Right labels leave such runs too, of which the model
    is less sure than of real items; of forgotten ones it is as sure.

    Args:
        floor: fitted.
        recordings: that it was fitted on.
        rows: what was measured of them.
    """
    task, labels = floor.sampler.task, floor.sampler.labels
    several = task.labels == "multilabel"
    if task.kind == "classification" or task.rank > 1 or (labels.background is None and not several):
        return None
    group = np.unique([floor.unit(each) for each in recordings], return_inverse=True)[1]
    said = [floor.said(each, row) for each, row in zip(recordings, rows, strict=True)]
    found: list[UnmarkedClass] = []
    places: list[Unmarked] = []
    for k in labels.foreground:
        runs = _of_class(k, labels.background, said, rows, floor.sampler.usual[k])
        items = np.array([0 if r.segments is None else int((r.segments.label == k).sum()) for r in recordings])
        if items.sum() < FEWEST:
            continue
        counted, sure = _judged(labels.names[k], floor.facts.classes[k].auc, runs, items, group)
        if counted is not None:
            found.append(counted)
            places += [_place(recordings[n].name, labels.names[k], *each) for n, each in sure]
    if not found:
        return None
    worst = sorted(places, key=lambda each: -each.confidence)
    return UnmarkedItems(classes=tuple(found), places=tuple(worst))


class Line(NamedTuple):
    """Places of one recording in rising order, shape (n,) each.

    Attributes:
        step: where.
        score: how sure the model is of the class.
        taken: whether it takes the place for the class.
        own: whether that is what is marked.
        rest: whether nothing is marked that excludes the class.
    """

    step: IntArray
    score: FloatArray
    taken: BoolArray
    own: BoolArray
    rest: BoolArray


def _of_class(
    k: int, background: int | None, said: Sequence[FloatArray], rows: Sequence[Rows], length: float
) -> list[Runs]:
    """The runs of one class in every recording."""
    every, true = np.concatenate(said), np.concatenate([row.true for row in rows]) == 1
    own, mine = true[:, k], every[:, k]
    rest, other = (~own, 1 - mine) if background is None else (true[:, background], every[:, background])
    usual, against = _mean(mine[own]), _mean(other[rest])
    score = mine / usual - other / against
    taken = (score > 0) & (mine > LIKE * usual)
    ends = np.cumsum([0] + [len(row.true) for row in rows])
    found = []
    for row, first, last in zip(rows, ends[:-1], ends[1:], strict=True):
        step, order = np.unique(row.places[:, 0], return_index=True)
        at = order + first
        found.append(_runs(Line(step, score[at], taken[at], own[at], rest[at]), length) if last > first else NONE)
    return found


def _mean(values: FloatArray) -> float:
    return max(float(values.mean()), 1e-9) if values.size else 1.0


def _runs(line: Line, length: float) -> Runs:
    """Maximal runs of neighbouring places that are taken for the class and alike in what is marked."""
    # Another piece of the recording begins a run anew.
    far = np.diff(line.step) > max(2.0, length / 2)
    new = np.append(True, far | (np.diff(line.taken) | np.diff(line.own) | np.diff(line.rest)))
    begins = np.flatnonzero(new)
    ends = np.append(begins[1:], line.step.size) - 1
    hot = line.taken[begins] & (ends - begins + 1 >= PLACES)
    first, last = begins[hot], ends[hot]
    total = np.concatenate(([0.0], np.cumsum(line.score)))
    cold = np.append(line.rest & ~line.taken, False)
    before, behind = np.append(True, far)[first], np.append(far, True)[last]
    gap = max(1, round(float(np.median(np.diff(line.step))))) if line.step.size > 1 else 1
    return Runs(
        line.step[first],
        line.step[last] + gap,
        (total[last + 1] - total[first]) / (last - first + 1),
        line.own[first],
        line.rest[first] & cold[first - 1] & cold[last + 1] & ~before & ~behind,
    )


def _judged(
    name: str, auc: float | None, runs: Sequence[Runs], items: IntArray, group: IntArray
) -> tuple[UnmarkedClass | None, list[tuple[int, tuple[int, int, float]]]]:
    """The counts of one class, and where the sure runs are: number of the recording, start, stop, confidence."""
    every = Runs(*(np.concatenate(column) for column in zip(*runs, strict=True)))
    number = np.repeat(np.arange(len(runs)), [each.start.size for each in runs])
    scores = np.sort(every.score[every.marked])
    if scores.size < SEEN * items.sum():
        return None, []
    lengths = (every.stop - every.start)[every.marked]
    short, long = np.quantile(lengths, [0.05, 0.95])
    size = every.stop - every.start
    alike = every.alone & ~every.marked & (size >= short) & (size <= long)
    sure = alike & (every.score >= np.median(scores))
    hits = np.bincount(group[number[sure]], minlength=group.max() + 1)
    low, high = share_between(hits, np.bincount(group, items, minlength=group.max() + 1) + hits)
    confidence = np.searchsorted(scores, every.score) / scores.size
    counted = UnmarkedClass(
        name=name,
        auc=auc,
        items=int(items.sum()),
        seen=int(scores.size),
        runs=int(alike.sum()),
        sure=int(sure.sum()),
        low=low,
        high=high,
        groups=int(np.count_nonzero(hits)),
    )
    where = [
        (int(number[n]), (int(every.start[n]), int(every.stop[n]), float(confidence[n])))
        for n in np.flatnonzero(sure).tolist()
    ]
    return counted, where


def _place(recording: str, label: str, start: int, stop: int, confidence: float) -> Unmarked:
    return Unmarked(recording=recording, start=start, stop=stop, label=label, confidence=confidence)
