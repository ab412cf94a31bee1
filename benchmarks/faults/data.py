"""Windowed subsets of the shared data sets, small enough that a model is trained on them in seconds."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import segmend
from segmend.core.truth import truth


@dataclass(frozen=True, eq=False)
class Part:
    """Recordings, or windows of them.

    Attributes:
        x: (recordings, *spatial, channels), float32.
        y: class numbers (recordings, *spatial), (recordings,) of wholes, or 0 and 1 (recordings, classes).
        groups: which recording each is of.
    """

    x: Any
    y: Any
    groups: Any

    def __getitem__(self, keep: Any) -> Part:
        return Part(self.x[keep], self.y[keep], self.groups[keep])


@dataclass(frozen=True, eq=False)
class Subset:
    """A training and a validation part.

    Attributes:
        name: of the data set.
        labels: class names, the background included.
        background: its class number; None where there is none.
        task: as ``segmend.diagnose`` takes it.
        train, val: the parts.
    """

    name: str
    labels: tuple[str, ...]
    background: int | None
    task: str
    train: Part
    val: Part

    def with_parts(self, change: Callable[[Part], Part]) -> Subset:
        """The subset with both parts changed."""
        return replace(self, train=change(self.train), val=change(self.val))


def shared() -> Path:
    """The folder of data sets.

    Raises:
        SystemExit: there is none.
    """
    folder = Path(os.environ.get("SEGMEND_SHARED", "../shared")) / "datasets"
    if not folder.is_dir():
        raise SystemExit(f"no folder of data sets: expected {folder}, or another in SEGMEND_SHARED")
    return folder


@functools.lru_cache(maxsize=2)
def subset(name: str) -> Subset:
    """A subset by the name of its data set."""
    folder, cut = shared() / name, CUTS[name]
    data = segmend.load(folder)
    named = {each.name: each for each in data.recordings}
    parts = {}
    for role, others in (("train", ("train",)), ("val", ("val", "test") if cut.both else ("val",))):
        chosen = [named[each] for other in others for each in data.split[other]]
        windows = [piece for each in chosen for piece in cut.of(each, data)]
        if cut.kept:
            order = np.random.default_rng(0).permutation(len(windows))[: cut.kept[role == "val"]]
            windows = [windows[k] for k in sorted(order)]
        x, y, groups = (np.array(column) for column in zip(*windows, strict=True))
        parts[role] = Part(x.astype("float32"), y, groups)
    made = Subset(name, data.labels.names, data.labels.background, data.task.name, parts["train"], parts["val"])
    return cut.after(made)


@dataclass(frozen=True)
class Cut:
    """How a data set is made small.

    Attributes:
        every: steps (or pixels) that are averaged into one.
        length: steps of a window afterwards; None for whole recordings.
        most: windows of a recording.
        kept: windows of the training and validation part; None for all.
        both: the test part joins the validation part.
        scale: divides the values.
        after: what is done to the subset at last.
    """

    every: int = 1
    length: int | None = None
    most: int = 1
    kept: tuple[int, int] | None = None
    both: bool = True
    scale: float = 1.0
    after: Callable[[Subset], Subset] = lambda made: made

    def of(self, recording: Any, data: Any) -> list[tuple[Any, Any, str]]:
        """Windows of a recording with their labels and its name."""
        x, y = np.asarray(recording.signal, "float32") / self.scale, truth(recording, data.task, data.labels)
        dense = data.task.kind == "segmentation"
        for axis in range(x.ndim - 1):
            x = _coarser(x, self.every, axis)
            y = np.take(y, np.arange(self.every // 2, y.shape[axis], self.every), axis)[:] if dense else y
        rank, length = x.ndim - 1, self.length
        if length is None:
            return [(x, y, recording.group)]
        if any(size < length for size in x.shape[:rank]):
            return []
        starts = np.linspace(0, x.shape[0] - length, self.most).astype(int)
        windows = []
        for start in starts[: max(1, x.shape[0] // length)]:
            box = (slice(start, start + length), slice(0, length))[:rank]
            windows.append((x[box], y[box] if dense else y, recording.group))
        return windows


def _coarser(x: Any, every: int, axis: int) -> Any:
    """Means of ``every`` neighbours along an axis; what is left over at its end is dropped."""
    size = x.shape[axis] // every * every
    x = np.moveaxis(x, axis, 0)[:size]
    return np.moveaxis(x.reshape(-1, every, *x.shape[1:]).mean(axis=1), 0, axis)


def frequent_labels(made: Subset, fewest: int = 20) -> Subset:
    """The labels that enough training recordings carry."""
    keep = np.flatnonzero(made.train.y.sum(axis=0) >= fewest)
    smaller = made.with_parts(lambda part: replace(part, y=part.y[:, keep]))
    return replace(smaller, labels=tuple(made.labels[k] for k in keep))


def frequent_classes(made: Subset, fewest: int = 12) -> Subset:
    """Segmentation without segments of classes that have hardly any; they become background."""
    y = made.train.y
    starts = np.diff(y, axis=1, prepend=-1) != 0
    counts = np.bincount(y[starts], minlength=len(made.labels))
    keep = [k for k in range(len(made.labels)) if k == made.background or counts[k] >= fewest]
    number = np.zeros(len(made.labels), int)
    number[keep] = np.arange(len(keep))
    smaller = made.with_parts(lambda part: replace(part, y=number[part.y]))
    return replace(smaller, labels=tuple(made.labels[k] for k in keep))


CUTS = {
    "ludb": Cut(every=4, length=512, most=2),
    "finch_gy6or6": Cut(length=512, most=4, scale=20.0, after=frequent_classes),
    "dsb_nuclei": Cut(every=2, length=96, kept=(72, 40), scale=255.0),
    "bccd_cells": Cut(every=2, kept=(1200, 600), scale=255.0),
}
"""The data sets by name, and how each is made small."""
