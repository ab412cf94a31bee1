"""Finding a decoder's settings on held-out groups."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.base import Decoder
from segmend.decoding.judge import Judge, material
from segmend.scoring.objective import Objective

STEPS = 100_000
"""A search climbs on groups of recordings up to this many steps in all; its best points are judged on all of them."""

PIXELS = 1_500_000
"""The same for images, of which a pixel says less and costs less."""

CLIMB_SHARE = 0.7
GRACE = 1.0
"""Seconds that the first point may take beyond the deadline; a dearer one stays without a value."""

FINALISTS = 4


@dataclass(frozen=True, slots=True)
class Found:
    """The best setting and its objective on the held-out groups (NaN where it, or the time, did not allow one)."""

    setting: dict[str, float]
    value: float


def search(
    decoder: type[Decoder],
    y_prob: Sequence[FloatArray],
    y_true: Sequence[IntArray],
    labels: Labels,
    objective: Objective,
    *,
    groups: Sequence[Any] | None = None,
    reference: Sequence[Segments] | None = None,
    instances: Sequence[IntArray] | None = None,
    task: Task | None = None,
    setting: Mapping[str, float] | None = None,
    deadline: float = math.inf,
) -> Found:
    """Climb the decoder's grid, each point judged on groups that it did not learn from.

    Args:
        decoder: a Decoder class.
        y_prob: one (*spatial, classes) array per recording, (classes,) where it has one answer.
        y_true: what is true of each, as ``core.truth`` gives it; -1 is not judged.
        labels: class names and the background.
        objective: what is maximised.
        groups: one value per recording; None makes each recording its own group.
        reference: reference segments as tables, where touching items of one class are to count apart.
        instances: instance numbers of each image's pixels, likewise.
        task: what the labels answer; None is segmentation of signals with one label per step.
        setting: judge this setting alone, on the part that a search climbs on.
        deadline: ``time.monotonic()`` at which the search stops with the best point so far.
    """
    prob, true, keys = material(task, y_prob, y_true, labels, groups, instances)
    multilabel = task is not None and task.labels == "multilabel"
    whole = Judge(decoder, prob, true, labels, objective, keys, reference, multilabel, stop=deadline + GRACE)
    images = task is not None and task.kind == "segmentation" and task.rank > 1
    sample = _sample(keys, [math.prod(rows.shape[:-1]) for rows in prob], PIXELS if images else STEPS)
    part = whole.part(sample)
    if setting is not None or not decoder.grid:
        point = dict(setting or {})
        return Found(point, part(point))
    if len(sample) == len(keys):
        return _climb(decoder, whole, deadline, objective.most)[0]
    began = time.monotonic()
    ranked = _climb(decoder, part, began + CLIMB_SHARE * (deadline - began), objective.most)
    final = [Found(ranked[0].setting, whole(ranked[0].setting))]
    for found in ranked[1:FINALISTS]:
        if time.monotonic() < deadline:
            final.append(Found(found.setting, whole(found.setting)))
    return _ranked(final)[0]


def _climb(
    decoder: type[Decoder], judge: Callable[[Mapping[str, float]], float], deadline: float, most: float = math.inf
) -> list[Found]:
    """Sweep one setting after the other, then look at all neighbours on the grid, until neither finds better.

    Args:
        decoder: a Decoder class.
        judge: the value of a point.
        deadline: ``time.monotonic()`` after which no point is judged but the first.
        most: a value that no point can exceed; once it is reached, no other point is judged.

    Returns:
        Every point that was judged, the best first.
    """
    seen: dict[tuple[float, ...], Found] = {}

    def visit(point: dict[str, float]) -> None:
        key = tuple(point.values())
        if key not in seen and (not seen or (time.monotonic() < deadline and not best().value >= most)):
            seen[key] = Found(point, judge(point))

    def best() -> Found:
        return _ranked(list(seen.values()))[0]

    visit(dict(decoder.start))
    while True:
        before = best()
        for name, values in decoder.grid.items():
            centre = best().setting
            for value in values:
                visit({**centre, name: value})
        for point in _neighbours(decoder, best().setting):
            visit(point)
        if best() is before:
            return _ranked(list(seen.values()))


def _ranked(found: Sequence[Found]) -> list[Found]:
    """By value, what is undefined last; of equals the one that was found first."""
    return sorted(found, key=lambda each: math.inf if math.isnan(each.value) else -each.value)


def _neighbours(decoder: type[Decoder], centre: Mapping[str, float]) -> Iterator[dict[str, float]]:
    """All points one step away on the grid, along two settings at once too: some trade off against each other."""
    near = {
        name: values[max(0, k - 1) : k + 2]
        for name, values in decoder.grid.items()
        for k in [values.index(centre[name])]
    }
    for names in itertools.combinations(near, min(2, len(near))):
        for point in itertools.product(*(near[name] for name in names)):
            yield {**centre, **dict(zip(names, point, strict=True))}


def _sample(groups: Sequence[str], steps: Sequence[int], most: int) -> list[int]:
    """Positions of recordings whose groups, drawn at random, hold about ``most`` steps together."""
    if sum(steps) <= most:
        return list(range(len(steps)))
    order = np.random.default_rng(0).permutation(sorted(set(groups))).tolist()
    total: dict[str, int] = dict.fromkeys(order, 0)
    for group, length in zip(groups, steps, strict=True):
        total[group] += length
    before = np.concatenate(([0], np.cumsum([total[group] for group in order])[:-1]))
    kept = {group for k, group in enumerate(order) if before[k] < most or k < 2}
    return [k for k, group in enumerate(groups) if group in kept]
