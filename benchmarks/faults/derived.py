"""Further questions put to the same recordings: what is in this window, and which of these are?"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from benchmarks.faults.data import Part, Subset, subset


def named(name: str) -> Subset:
    """A subset or a derived one, by name."""
    return DERIVED[name]() if name in DERIVED else subset(name)


def items_of(name: str, length: int, most: int) -> Subset:
    """One window around each segment, classified: which class is it of?"""
    whole = subset(name)

    def windows(part: Part) -> Part:
        rows: list[tuple[Any, int, Any]] = []
        for x, y, group in zip(part.x, part.y, part.groups, strict=True):
            borders = np.flatnonzero(np.diff(y, prepend=-1, append=-1))
            for start, stop in itertools.pairwise(borders):
                left = (start + stop - length) // 2
                if y[start] != whole.background and left >= 0 and left + length <= len(y):
                    rows.append((x[left : left + length], int(y[start]) - 1, group))
        order = np.sort(np.random.default_rng(0).permutation(len(rows))[:most])
        return Part(*(np.array([rows[k][column] for k in order]) for column in range(3)))

    return replace(whole.with_parts(windows), labels=whole.labels[1:], background=None, task="classification")


def presence_in(name: str, length: int) -> Subset:
    """Windows with the classes that have a step in them: several may."""
    whole = subset(name)
    classes = range(1, len(whole.labels))

    def windows(part: Part) -> Part:
        pieces = part.x.shape[1] // length
        x = part.x[:, : pieces * length].reshape(-1, length, part.x.shape[-1])
        y = part.y[:, : pieces * length].reshape(-1, length)
        held = np.stack([(y == k).any(axis=1) for k in classes], axis=1).astype(int)
        return Part(x, held, np.repeat(part.groups, pieces))

    made = whole.with_parts(windows)
    return replace(made, labels=whole.labels[1:], background=None, task="multilabel-classification")


def mosaic_of(name: str) -> Subset:
    """Four images side by side with the classes that are among them, the frequent class rarer than it was."""
    whole = subset(name)

    def mosaics(part: Part) -> Part:
        rng = np.random.default_rng(0)
        counts = np.bincount(part.y)
        likely = (1 / np.sqrt(counts) ** 1.5)[part.y]
        four = rng.choice(len(part.y), (len(part.y) // 2, 4), p=likely / likely.sum())
        x = part.x[four]
        rows = [np.concatenate([x[:, k], x[:, k + 1]], axis=2) for k in (0, 2)]
        y = np.eye(len(whole.labels), dtype=int)[part.y[four]].max(axis=1)
        return Part(np.concatenate(rows, axis=1), y, part.groups[four[:, 0]])

    return replace(whole.with_parts(mosaics), task="multilabel-classification")


def overlapping(name: str) -> Subset:
    """Each class of segments as a label by itself: a step may carry none."""
    whole = subset(name)
    many = whole.with_parts(lambda part: replace(part, y=np.eye(len(whole.labels), dtype=int)[part.y][..., 1:]))
    return replace(many, labels=whole.labels[1:], background=None, task="multilabel-segmentation")


DERIVED: dict[str, Callable[[], Subset]] = {
    "ludb_waves": lambda: items_of("ludb", 64, 700),
    "finch_syllables": lambda: items_of("finch_gy6or6", 32, 900),
    "finch_presence": lambda: presence_in("finch_gy6or6", 64),
    "bccd_mosaics": lambda: mosaic_of("bccd_cells"),
    "ludb_overlapping": lambda: overlapping("ludb"),
}
"""Derived subsets by name."""
