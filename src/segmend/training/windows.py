"""An index of windows: which recording, and where in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.types import IntArray
from segmend.errors import InputError
from segmend.training.narrow import narrow
from segmend.training.places import Places, between, changes, items
from segmend.training.surroundings import Surroundings
from segmend.training.tiles import Tiles, any_judged, box

TRIES = 50
"""Draws after which a window is taken although nothing in it is judged."""

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
        self.y_true = narrow(y_true)
        self.length, self.rank = length, rank
        self.sizes = np.array(
            shapes if shapes is not None else [labels.shape[:rank] for labels in self.y_true], np.int64
        )
        self._last, self._middle = np.maximum(self.sizes - length, 0), np.maximum(self.sizes - length // 2, 1)
        judged = np.array([_judged(labels, rank, multilabel) for labels in self.y_true], np.float64)
        if not judged.sum():
            raise InputError("y_true: expected at least one step to learn from. Received none")
        self._reach = np.cumsum(judged)
        objects = background if rank > 1 else None
        thin = rank > 0 and most_background < 1
        found = items(self.y_true, rank=rank, multilabel=multilabel, background=objects) if balanced or thin else None
        self.items = found if balanced else None
        self.changes = changes(self.y_true, multilabel=multilabel) if transitions else None
        self.tiles = Tiles(self.y_true, self.sizes, length=length, rank=rank) if hard else None
        self.shares = _possible((balanced, self.items), (transitions, self.changes), (hard, self.tiles))
        self._bounds = np.cumsum(self.shares)[:3]
        self.most_background = most_background
        self.foreground = Surroundings.of(found, None if multilabel else background, length) if found and thin else None
        self.gaps = np.array([bool(rank) and bool((labels == IGNORE).any()) for labels in self.y_true])
        self._any_gaps = bool(self.gaps.any())

    def draw(self, rng: np.random.Generator, count: int) -> tuple[IntArray, IntArray]:
        """Recording of each window, shape (count,), and its first step along each axis, shape (count, axes).

        The first step is 0 where the recording is shorter than a window.
        """
        kind = np.searchsorted(self._bounds, rng.random(count), side="right")
        recording = self._recordings(rng, count)
        first = self._anywhere(rng, recording)
        for number, table in enumerate((self.items, self.changes)):
            drawn = (kind == number).nonzero()[0]
            if table is not None and drawn.size:
                recording[drawn], first[drawn] = self._around(rng, *table.steps(rng, table.draw(rng, drawn.size)))
        drawn = (kind == 2).nonzero()[0]
        if self.tiles is not None and drawn.size:
            recording[drawn], first[drawn] = self._hard(rng, self.tiles, drawn.size)
        free: IntArray = (kind == 3).nonzero()[0]
        if self.foreground is not None:
            free = self._thin_out(rng, self.foreground, free, recording, first)
        if self._any_gaps:
            self._again(rng, free, recording, first)
        return recording, first

    def _recordings(self, rng: np.random.Generator, count: int) -> IntArray:
        """Recordings, as often as their judged steps demand."""
        return np.searchsorted(self._reach, rng.random(count) * self._reach[-1], side="right")

    def _anywhere(self, rng: np.random.Generator, recording: IntArray) -> IntArray:
        # Windows may hang over both ends before they are pushed back, so that ends are seen as often as middles.
        return self._inside(recording, between(rng, -self.length // 2, self._middle[recording]))

    def _around(self, rng: np.random.Generator, recording: IntArray, step: IntArray) -> tuple[IntArray, IntArray]:
        if self.rank == 0:
            return recording, between(rng, 0, self._last[recording] + 1)
        return recording, self._inside(recording, step - rng.integers(self.length, size=step.shape))

    def _hard(self, rng: np.random.Generator, tiles: Tiles, count: int) -> tuple[IntArray, IntArray]:
        at = tiles.draw(rng, count)
        recording, first, most = tiles.recording[at], tiles.first[at], self.length // JITTER
        return recording, self._inside(recording, first + rng.integers(-most, most + 1, size=first.shape))

    def _inside(self, recording: IntArray, first: IntArray) -> IntArray:
        return np.minimum(np.maximum(first, 0), self._last[recording])

    def _thin_out(
        self, rng: np.random.Generator, foreground: Surroundings, at: IntArray, recording: IntArray, first: IntArray
    ) -> IntArray:
        """Draw windows around foreground instead, but for the share that may hold nothing; returns these."""
        free = rng.random(at.size) < self.most_background
        must = at[~free]
        recording[must], places = foreground.draw(rng, must.size)
        first[must] = self._inside(recording[must], places)
        return at[free]

    def _again(self, rng: np.random.Generator, at: IntArray, recording: IntArray, first: IntArray) -> None:
        """Draw windows that hold nothing judged again, in their recording."""
        at = at[self.gaps[recording[at]]]
        for _ in range(TRIES):
            held = [
                any_judged(self.y_true[k][box(low, self.length)], self.rank)
                for k, low in zip(recording[at].tolist(), first[at].tolist(), strict=True)
            ]
            at = at[~np.array(held, bool)]
            if not at.size:
                return
            first[at] = self._anywhere(rng, recording[at])


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
