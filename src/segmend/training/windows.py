"""An index of windows: which recording, and where in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.errors import InputError
from segmend.training.places import changes, items

TRIES = 50
"""Draws after which a window is taken although it holds nothing but background."""


class WindowIndex:
    """Where windows may begin: anywhere, or around places that would otherwise be seen seldom.

    Each window is of one kind, decided by chance: around an item of a class (``balanced``), around a change
    (``transitions``), where the model went wrong (``hard``), or anywhere, large recordings as often as their size
    demands.

    Args:
        y_true: labels of each recording, as ``core.truth`` gives them: (*spatial), or one more axis of classes where
            labels may overlap; -1 is not judged.
        shapes: spatial axes of each recording, where labels have none (classification); else those of the labels.
        length: of a window along each spatial axis.
        rank: number of spatial axes of the labels: 0 where a whole recording has one label.
        multilabel: whether labels may overlap.
        background: class number that is no item, or None.
        balanced: share of windows that lie around an item of a class drawn evenly.
        transitions: share around a change of class, each pair of classes as often as any other.
        hard: share around items drawn by how wrong the model last was there; see ``update``.
        most_background: highest share of the windows drawn anywhere that may hold nothing but background.

    Raises:
        InputError: nothing is judged, or the shares add up to more than 1.

    Examples:
        >>> index = WindowIndex([np.array([0, 0, 0, 1])], length=2, balanced=1.0)
        >>> recording, first = index.draw(np.random.default_rng(0), 50)
        >>> sorted(set(first[:, 0].tolist()))
        [0, 1, 2]
    """

    def __init__(
        self,
        y_true: Sequence[IntArray],
        *,
        length: int,
        shapes: Sequence[tuple[int, ...]] | None = None,
        rank: int = 1,
        multilabel: bool = False,
        background: int | None = None,
        balanced: float = 0.0,
        transitions: float = 0.0,
        hard: float = 0.0,
        most_background: float = 1.0,
    ) -> None:
        if balanced + transitions + hard > 1 + 1e-9:
            raise InputError(
                f"sampling: expected shares that add up to at most 1. Received balanced {balanced:g}, transitions "
                f"{transitions:g}, hard {hard:g}"
            )
        y_true = [np.asarray(labels) for labels in y_true]
        self.length, self.rank = length, rank
        self.sizes = np.array(shapes if shapes is not None else [labels.shape[:rank] for labels in y_true], np.int64)
        weight = np.array([_judged(labels, rank, multilabel) for labels in y_true], np.float64)
        if not weight.sum():
            raise InputError("y_true: expected at least one step to learn from. Received none")
        self.weight = weight / weight.sum()
        self.items = items(y_true, rank=rank, multilabel=multilabel, background=background if rank > 1 else None)
        self.changes = changes(y_true) if transitions else None
        able = [bool(len(self.items)), self.changes is not None and bool(len(self.changes)), bool(len(self.items))]
        shares = [share if can else 0.0 for share, can in zip((balanced, transitions, hard), able, strict=True)]
        self.shares = (*shares, max(0.0, 1.0 - sum(shares)))
        self.most_background = most_background if rank else 1.0
        self.foreground = _sums(y_true, rank, multilabel, background) if self.most_background < 1 else None
        self.difficulty = np.full(len(self.items), np.nan)

    def draw(self, rng: np.random.Generator, count: int) -> tuple[IntArray, IntArray]:
        """Recording of each window, shape (count,), and its first step along each axis, shape (count, axes).

        The first step is 0 where the recording is shorter than a window.
        """
        recording, first, _ = self.draw_with_items(rng, count)
        return recording, first

    def draw_with_items(self, rng: np.random.Generator, count: int) -> tuple[IntArray, IntArray, IntArray]:
        """As ``draw``, and the number of the item that each window was drawn around, -1 for none."""
        kind = rng.choice(4, size=count, p=self.shares)
        recording, first = self._anywhere(rng, count)
        around = np.full(count, -1)
        for number, drawn in enumerate((kind == 0, kind == 1, kind == 2)):
            many = int(drawn.sum())
            if not many:
                continue
            table = self.changes if number == 1 else self.items
            assert table is not None
            at = self._hard(rng, many) if number == 2 else table.draw(rng, many)
            recording[drawn], first[drawn] = self._around(rng, *table.steps(rng, at))
            around[drawn] = -1 if number == 1 else at
        if self.foreground is not None:
            self._thin_out(rng, np.flatnonzero(kind == 3), recording, first)
        return recording, first, around

    def draw_items(self, rng: np.random.Generator, count: int) -> tuple[IntArray, IntArray, IntArray]:
        """Windows around items, each as likely as any other: a sample to measure how hard they are."""
        at = rng.integers(len(self.items), size=count)
        recording, first = self._around(rng, *self.items.steps(rng, at))
        return recording, first, at

    def update(self, around: IntArray, error: FloatArray) -> None:
        """Note how wrong the model was in windows around items.

        Args:
            around: numbers of items, shape (windows,).
            error: at least 0, shape (windows,).
        """
        self.difficulty[around] = error

    def _hard(self, rng: np.random.Generator, count: int) -> IntArray:
        """Items by how wrong the model was; those never looked at count as the mean of the others."""
        known = ~np.isnan(self.difficulty)
        usual = self.difficulty[known].mean() if known.any() else 1.0
        weight = np.where(known, self.difficulty, usual) + 1e-6
        drawn: IntArray = rng.choice(len(self.items), size=count, p=weight / weight.sum())
        return drawn

    def _anywhere(self, rng: np.random.Generator, count: int) -> tuple[IntArray, IntArray]:
        recording = rng.choice(self.weight.size, size=count, p=self.weight)
        # Windows may hang over both ends before they are pushed back, so that ends are seen as often as middles.
        low = np.full(self.sizes[recording].shape, -self.length // 2)
        high = np.maximum(self.sizes[recording] - self.length // 2, 1)
        return recording, self._inside(recording, rng.integers(low, high))

    def _around(self, rng: np.random.Generator, recording: IntArray, step: IntArray) -> tuple[IntArray, IntArray]:
        if self.rank == 0:
            size = self.sizes[recording]
            return recording, rng.integers(0, np.maximum(size - self.length, 0) + 1)
        return recording, self._inside(recording, step - rng.integers(self.length, size=step.shape))

    def _inside(self, recording: IntArray, first: IntArray) -> IntArray:
        inside: IntArray = np.clip(first, 0, np.maximum(self.sizes[recording] - self.length, 0))
        return inside

    def _thin_out(self, rng: np.random.Generator, at: IntArray, recording: IntArray, first: IntArray) -> None:
        """Draw windows without an item again, but for the share that may hold nothing."""
        at = at[rng.random(at.size) >= self.most_background]
        for _ in range(TRIES):
            at = at[self._empty(recording[at], first[at])]
            if not at.size:
                return
            recording[at], first[at] = self._anywhere(rng, at.size)

    def _empty(self, recording: IntArray, first: IntArray) -> BoolArray:
        assert self.foreground is not None
        stop = np.minimum(first + self.length, self.sizes[recording])
        held = [
            _within(self.foreground[k], low, high)
            for k, low, high in zip(recording.tolist(), first.tolist(), stop.tolist(), strict=True)
        ]
        return np.array(held, np.int64) == 0


def _judged(labels: IntArray, rank: int, multilabel: bool) -> int:
    """Steps that count, or 1 for a recording with its one label."""
    judged = labels != IGNORE
    if multilabel:
        judged = judged.all(axis=-1)
    return int(np.count_nonzero(judged)) if rank else int(bool(judged))


def _sums(y_true: Sequence[IntArray], rank: int, multilabel: bool, background: int | None) -> list[IntArray]:
    """Steps with a label up to each step: one more than the recording is long, along each axis."""
    sums = []
    for labels in y_true:
        held = (labels > 0).any(axis=-1) if multilabel else (labels != IGNORE) & (labels != background)
        total = np.pad(held.astype(np.int32), [(1, 0)] * rank)
        for axis in range(rank):
            total = np.cumsum(total, axis=axis, dtype=np.int32)
        sums.append(total)
    return sums


def _within(sums: IntArray, low: list[int], high: list[int]) -> int:
    """Steps with a label in a box."""
    if len(low) == 1:
        return int(sums[high[0]] - sums[low[0]])
    (top, left), (bottom, right) = low, high
    return int(sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left])
