"""Windows that hold an item, drawn as if from all windows anywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmend.core.types import FloatArray, IntArray
from segmend.training.places import Places, between


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """Where windows may begin to hold a step of an item, and how many such places there are up to each item.

    Attributes:
        recording: of each item, shape (items,).
        low: first place along each axis, shape (items, axes); it may lie before the recording.
        high: the one after the last.
        reach: number of places of all items up to and with each one, shape (items,).
    """

    recording: IntArray
    low: IntArray
    high: IntArray
    reach: FloatArray

    @classmethod
    def of(cls, items: Places, background: int | None, length: int) -> Surroundings | None:
        """The surroundings of all items but those of the background; None where there are no others.

        Examples:
            >>> from segmend.training.places import items
            >>> near = Surroundings.of(items([np.array([0, 0, 0, 1, 0])], rank=1, multilabel=False), 0, length=2)
            >>> near.low.tolist(), near.high.tolist(), near.reach.tolist()
            ([[2]], [[4]], [2.0])
        """
        others = items.without(background)
        if not len(others):
            return None
        low = others.low - length + 1
        return cls(others.recording, low, others.high, np.cumsum(np.prod(others.high - low, axis=1, dtype=np.float64)))

    def draw(self, rng: np.random.Generator, count: int) -> tuple[IntArray, IntArray]:
        """Recording and first step, shapes (count,) and (count, axes): a window that holds two items counts twice."""
        at = np.searchsorted(self.reach, rng.random(count) * self.reach[-1], side="right")
        return self.recording[at], between(rng, self.low[at], self.high[at])
