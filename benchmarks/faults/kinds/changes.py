"""Changes of data that several kinds of fault are made of."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from benchmarks.faults.data import Part, Subset
from benchmarks.faults.recipe import Recipe


def but(**changes: Any) -> Callable[[Recipe], Recipe]:
    """The recipe with some of its values changed."""
    return lambda recipe: replace(recipe, **changes)


def in_train(change: Callable[[Part], Part]) -> Callable[[Subset, Any], Subset]:
    """The training part changed alone."""
    return lambda data, rng: replace(data, train=change(data.train))


def in_val(change: Callable[[Part], Part]) -> Callable[[Subset, Any], Subset]:
    """The validation part changed alone."""
    return lambda data, rng: replace(data, val=change(data.val))


def in_both(change: Callable[[Part], Part]) -> Callable[[Subset, Any], Subset]:
    """Both parts changed alike."""
    return lambda data, rng: data.with_parts(change)


def first(part: Part, number: int) -> Part:
    """A few recordings of a part, spread over it."""
    return part[np.linspace(0, len(part.y) - 1, min(number, len(part.y))).astype(int)]


def few_of_each(part: Part, number: int) -> Part:
    """So many recordings of each class; of segmented recordings, so many at all."""
    if part.y.ndim > 1:
        return first(part, number)
    rows = [np.flatnonzero(part.y == k)[:number] for k in np.unique(part.y)]
    return part[np.sort(np.concatenate(rows))]


def rarest(data: Subset) -> int:
    """The class with the fewest training items, the background aside."""
    y = data.train.y
    if "multilabel" in data.task:
        return int(np.argmin(y.reshape(-1, y.shape[-1]).sum(axis=0)))
    if y.ndim == 2:
        y = y[np.diff(y, axis=1, prepend=-1) != 0]
    counts = np.bincount(y.ravel(), minlength=len(data.labels)).astype(float)
    if data.background is not None:
        counts[data.background] = np.inf
    return int(np.argmin(np.where(counts > 0, counts, np.inf)))


def usual_length(data: Subset) -> float:
    """The median length of training segments."""
    lengths = [stop - start for _, start, stop, label in segments_of(data.train.y) if label != data.background]
    return float(np.median(lengths))


def segments_of(y: Any) -> list[tuple[int, int, int, int]]:
    """Recording, start, stop and class of every run of labels of signals."""
    found = []
    for k, steps in enumerate(y):
        borders = np.flatnonzero(np.diff(steps, prepend=-1, append=-1))
        found += [(k, int(a), int(b), int(steps[a])) for a, b in itertools.pairwise(borders)]
    return found
