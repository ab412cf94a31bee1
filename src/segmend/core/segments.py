"""Segments as columns: the maximal runs of one label, half-open, in steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.types import FloatArray, IntArray
from segmend.errors import InputError


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """A table of segments, one NumPy array per column.

    Attributes:
        start: first step of each segment, shape (n,).
        stop: the step after the last one, shape (n,).
        label: class number of each segment, shape (n,).
        score: how sure the prediction is of each segment, shape (n,), or None.

    Examples:
        >>> table = Segments.from_steps(np.array([0, 2, 2, 0, 1]))
        >>> table.rows()
        [(1, 3, 2), (4, 5, 1)]
        >>> table.length
        array([2, 1])
    """

    start: IntArray
    stop: IntArray
    label: IntArray
    score: FloatArray | None = None

    def __post_init__(self) -> None:
        shapes = {column.shape for column in (self.start, self.stop, self.label)}
        if len(shapes) != 1 or self.start.ndim != 1:
            raise InputError(
                "segments: expected start, stop and label as one-dimensional arrays of one length. "
                f"Received shapes {self.start.shape}, {self.stop.shape}, {self.label.shape}"
            )

    @classmethod
    def empty(cls) -> Segments:
        """A table without rows."""
        none = np.zeros(0, np.int64)
        return cls(none, none, none)

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[int, int, int]]) -> Segments:
        """A table from (start, stop, label) rows."""
        table = np.array(list(rows), np.int64).reshape(-1, 3)
        return cls(table[:, 0], table[:, 1], table[:, 2])

    @classmethod
    def from_steps(cls, steps: IntArray, background: int | None = 0) -> Segments:
        """The maximal runs of one label; background and ignored steps (-1) give no segment.

        Args:
            steps: class number of each step, shape (steps,).
            background: class number that is no segment, or None.
        """
        start, stop, label = runs(steps)
        keep = label != IGNORE
        if background is not None:
            keep &= label != background
        return cls(start[keep], stop[keep], label[keep])

    @classmethod
    def from_overlapping(cls, has: IntArray) -> Segments:
        """Maximal runs of each class of labels that may overlap, sorted by start.

        Args:
            has: 1 where a step has a class, shape (steps, classes); -1 is not judged.

        Examples:
            >>> Segments.from_overlapping(np.array([[1, 0], [1, 1]])).rows()
            [(0, 2, 0), (1, 2, 1)]
        """
        # Below 0 no class is 1; -1 as a background would be a class number to ``runs``.
        every = [(start, stop, k, label) for k in range(has.shape[1]) for start, stop, label in [runs(has[:, k])]]
        rows = [np.stack([start, stop, np.full_like(start, k)])[:, label == 1] for start, stop, k, label in every]
        return cls(*np.concatenate([np.zeros((3, 0), np.int64), *rows], axis=1)).sorted()

    def __len__(self) -> int:
        return int(self.start.size)

    @property
    def length(self) -> IntArray:
        """Number of steps in each segment, shape (n,)."""
        return self.stop - self.start

    def rows(self) -> list[tuple[int, int, int]]:
        """The table as (start, stop, label) tuples, for people and tests."""
        return list(zip(self.start.tolist(), self.stop.tolist(), self.label.tolist(), strict=True))

    def take(self, index: IntArray) -> Segments:
        """The rows that an index or a boolean mask selects, in its order."""
        score = None if self.score is None else self.score[index]
        return Segments(self.start[index], self.stop[index], self.label[index], score)

    def sorted(self) -> Segments:
        """The rows by start, then stop, then label."""
        return self.take(np.lexsort((self.label, self.stop, self.start)))


def runs(steps: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Start, stop and value of every maximal run of equal values, in order.

    Args:
        steps: shape (steps,).

    Examples:
        >>> [column.tolist() for column in runs(np.array([5, 5, 0, 0, 0, 7]))]
        [[0, 2, 5], [2, 5, 6], [5, 0, 7]]
    """
    steps = np.asarray(steps)
    if steps.ndim != 1:
        raise InputError(f"runs: expected labels of shape (steps,). Received shape {steps.shape}")
    if not steps.size:
        none = np.zeros(0, np.int64)
        return none, none, steps.astype(np.int64)
    edges = np.flatnonzero(steps[1:] != steps[:-1]) + 1
    start = np.concatenate(([0], edges))
    stop = np.concatenate((edges, [steps.size]))
    return start, stop, steps[start].astype(np.int64)
