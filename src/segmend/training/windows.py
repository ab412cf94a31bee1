"""An index of windows: which recording, and where in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.types import BoolArray, IntArray
from segmend.errors import InputError
from segmend.training.places import Places, changes, items
from segmend.training.tiles import Tiles, any_judged, box

TRIES = 50
"""Draws after which a window is taken although it holds nothing to learn."""

JITTER = 4
"""A window drawn for a tile begins within this part of its length before or after the tile."""


class WindowIndex:
    """Where windows may begin: anywhere, or around places that would otherwise be seen seldom.

    Each window is of one kind, decided by chance: around an item of a class (``balanced``), around a change
    (``transitions``), where the model went wrong (``hard``), or anywhere, large recordings as often as their size
    demands. A share whose places do not exist falls to the windows drawn anywhere.

    Args:
        y_true: labels of each recording, as ``core.truth`` gives them: (*spatial), or one more axis of classes where
            labels may overlap; -1 is not judged.
        shapes: spatial axes of each recording, where labels have none (classification); else those of the labels.
        length: of a window along each spatial axis.
        rank: number of spatial axes of the labels: 0 where a whole recording has one label.
        multilabel: whether labels may overlap.
        background: class number that is no item, or None.
        balanced: share of windows that lie around an item of a class drawn evenly.
        transitions: share around a change of class, each kind of change as often as any other.
        hard: share around tiles drawn by how wrong the model last was there; see ``Tiles``.
        most_background: highest share of the windows drawn anywhere that may hold nothing but background.

    Raises:
        InputError: nothing is judged, the shares add up to more than 1, or changes are asked for where there are none.

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
        _check(balanced, transitions, hard, rank)
        self.y_true = [np.asarray(labels) for labels in y_true]
        self.length, self.rank, self.multilabel, self.background = length, rank, multilabel, background
        self.sizes = np.array(
            shapes if shapes is not None else [labels.shape[:rank] for labels in self.y_true], np.int64
        )
        judged = np.array([_judged(labels, rank, multilabel) for labels in self.y_true], np.float64)
        if not judged.sum():
            raise InputError("y_true: expected at least one step to learn from. Received none")
        self._reach = np.cumsum(judged)
        objects = background if rank > 1 else None
        self.items = items(self.y_true, rank=rank, multilabel=multilabel, background=objects) if balanced else None
        self.changes = changes(self.y_true, multilabel=multilabel) if transitions else None
        self.tiles = Tiles(self.y_true, self.sizes, length=length, rank=rank) if hard else None
        self.shares = _possible((balanced, self.items), (transitions, self.changes), (hard, self.tiles))
        self.most_background = most_background if rank else 1.0
        self.gaps = np.array([bool(rank) and bool((labels == IGNORE).any()) for labels in self.y_true])

    def draw(self, rng: np.random.Generator, count: int) -> tuple[IntArray, IntArray]:
        """Recording of each window, shape (count,), and its first step along each axis, shape (count, axes).

        The first step is 0 where the recording is shorter than a window.
        """
        kind = rng.choice(4, size=count, p=self.shares)
        recording = self._recordings(rng, count)
        first = self._anywhere(rng, recording)
        for number, table in enumerate((self.items, self.changes)):
            drawn = np.flatnonzero(kind == number)
            if table is not None and drawn.size:
                recording[drawn], first[drawn] = self._around(rng, *table.steps(rng, table.draw(rng, drawn.size)))
        drawn = np.flatnonzero(kind == 2)
        if self.tiles is not None and drawn.size:
            recording[drawn], first[drawn] = self._hard(rng, self.tiles, drawn.size)
        if self.most_background < 1 or self.gaps.any():
            self._again(rng, np.flatnonzero(kind == 3), recording, first)
        return recording, first

    def _recordings(self, rng: np.random.Generator, count: int) -> IntArray:
        """Recordings, as often as their judged steps demand."""
        return np.searchsorted(self._reach, rng.random(count) * self._reach[-1], side="right")

    def _anywhere(self, rng: np.random.Generator, recording: IntArray) -> IntArray:
        # Windows may hang over both ends before they are pushed back, so that ends are seen as often as middles.
        low = np.full(self.sizes[recording].shape, -self.length // 2)
        high = np.maximum(self.sizes[recording] - self.length // 2, 1)
        return self._inside(recording, rng.integers(low, high))

    def _around(self, rng: np.random.Generator, recording: IntArray, step: IntArray) -> tuple[IntArray, IntArray]:
        if self.rank == 0:
            size = self.sizes[recording]
            return recording, rng.integers(0, np.maximum(size - self.length, 0) + 1)
        return recording, self._inside(recording, step - rng.integers(self.length, size=step.shape))

    def _hard(self, rng: np.random.Generator, tiles: Tiles, count: int) -> tuple[IntArray, IntArray]:
        at = tiles.draw(rng, count)
        recording, first, most = tiles.recording[at], tiles.first[at], self.length // JITTER
        return recording, self._inside(recording, first + rng.integers(-most, most + 1, size=first.shape))

    def _inside(self, recording: IntArray, first: IntArray) -> IntArray:
        inside: IntArray = np.clip(first, 0, np.maximum(self.sizes[recording] - self.length, 0))
        return inside

    def _again(self, rng: np.random.Generator, at: IntArray, recording: IntArray, first: IntArray) -> None:
        """Draw windows again that hold nothing judged (in their recording) or no item, if they must (anywhere)."""
        must = rng.random(at.size) >= self.most_background
        for _ in range(TRIES):
            poor = self._poor(recording[at], first[at], must)
            at, must = at[poor], must[poor]
            if not at.size:
                return
            recording[at] = np.where(must, self._recordings(rng, at.size), recording[at])
            first[at] = self._anywhere(rng, recording[at])

    def _poor(self, recording: IntArray, first: IntArray, must: BoolArray) -> BoolArray:
        """Whether windows hold nothing to learn; ``must`` says which have to hold an item."""
        look = must | self.gaps[recording]
        poor = np.zeros(look.size, bool)
        for row in np.flatnonzero(look).tolist():
            labels = self.y_true[int(recording[row])][box(first[row].tolist(), self.length)]
            poor[row] = not (self._any_item(labels) if must[row] else any_judged(labels, self.rank))
        return poor

    def _any_item(self, labels: IntArray) -> bool:
        if self.multilabel:
            return bool((labels > 0).any())
        return bool(((labels != IGNORE) & (labels != self.background)).any())


def _check(balanced: float, transitions: float, hard: float, rank: int) -> None:
    """Refuse shares that cannot be.

    Raises:
        InputError: as for ``WindowIndex``.
    """
    if balanced + transitions + hard > 1 + 1e-9:
        raise InputError(
            f"sampling: expected shares that add up to at most 1. Received balanced {balanced:g}, transitions "
            f"{transitions:g}, hard {hard:g}"
        )
    if transitions and rank != 1:
        raise InputError(
            f"sampling.transitions: expected 0 where steps have no order of classes. Received {transitions:g}"
        )


def _possible(*shares: tuple[float, Places | Tiles | None]) -> tuple[float, ...]:
    """The shares whose places exist, and what is left for windows drawn anywhere."""
    able = [share if places is not None and len(places) else 0.0 for share, places in shares]
    return (*able, max(0.0, 1.0 - sum(able)))


def _judged(labels: IntArray, rank: int, multilabel: bool) -> int:
    """Steps that count, or 1 for a recording with its one label."""
    judged = labels != IGNORE
    if multilabel:
        judged = judged.all(axis=-1)
    return int(np.count_nonzero(judged)) if rank else int(bool(judged))
