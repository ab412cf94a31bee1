"""Recordings cut into windows of one length, without copying, each knowing whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from segmend.core.types import IntArray
from segmend.errors import InputError

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Windows of recordings: ``windows[k]`` is a view, ``windows.take(index)`` a stacked copy for training.

    Attributes:
        x: the recordings, each (steps, ...).
        y: their labels, each (steps, ...), or None.
        length: steps of each window.
        recording: number of the recording of each window, shape (windows,).
        start: its first step there, shape (windows,).
        groups: group of each window, shape (windows,): give it to a grouped split, or windows that overlap end up on
            both sides of it.
    """

    x: tuple[Array, ...]
    y: tuple[Array, ...] | None
    length: int
    recording: IntArray
    start: IntArray
    groups: Array

    def __len__(self) -> int:
        return int(self.start.size)

    def __getitem__(self, number: int) -> Any:
        """One window: a view of its recording, or a pair of views where there are labels."""
        if not -len(self) <= number < len(self):
            raise IndexError(f"window {number}: expected a number below {len(self)}")
        row, begin = int(self.recording[number]), int(self.start[number])
        part = slice(begin, begin + self.length)
        return self.x[row][part] if self.y is None else (self.x[row][part], self.y[row][part])

    def take(self, index: IntArray | Sequence[int]) -> Any:
        """Some windows stacked, shape (windows, length, ...): x, or x and y."""
        every = [self[int(k)] for k in np.asarray(index)]
        if self.y is None:
            return np.stack(every)
        return np.stack([x for x, _ in every]), np.stack([y for _, y in every])


def windows(x: Any, y: Any = None, length: int = 1, hop: int | None = None, groups: Any = None) -> Windows:
    """Cut recordings into windows of ``length`` steps, every ``hop`` steps.

    What does not fill a window at a recording's end is reached by a last window that ends with the recording; one that
    is shorter than a window gives none. Nothing is copied: memory maps stay on disk.

    Args:
        x: signals: ``(recordings, steps, ...)``, or a list of ``(steps, ...)``.
        y: labels of the steps, alike, or None.
        length: steps of a window.
        hop: steps from one window to the next; None is ``length`` (no overlap).
        groups: one value per recording, such as the subject; None takes each recording as its own.

    Raises:
        InputError: lengths or numbers do not fit.

    Examples:
        >>> cut = windows([np.zeros((10, 2)), np.ones((5, 2))], length=4, hop=3, groups=["ann", "bob"])
        >>> cut.start.tolist(), cut.recording.tolist(), cut.groups.tolist()
        ([0, 3, 6, 0, 1], [0, 0, 0, 1, 1], ['ann', 'ann', 'ann', 'bob', 'bob'])
        >>> cut.take([0, 4]).shape
        (2, 4, 2)
    """
    hop = length if hop is None else hop
    for name, value in (("length", length), ("hop", hop)):
        if value < 1 or value != int(value):
            raise InputError(f"{name}: expected a whole number of steps from 1. Received {value}")
    rows, labels = tuple(map(np.asanyarray, x)), None if y is None else tuple(map(np.asanyarray, y))
    _check("x", rows, [len(row) for row in rows] if all(row.ndim for row in rows) else None)
    if labels is not None:
        _check("y", labels, [len(row) for row in rows])
    whose = np.arange(len(rows)) if groups is None else np.asarray(groups)
    if whose.shape != (len(rows),):
        raise InputError(f"groups: expected one value for each of {len(rows)} recordings. Received {whose.shape}")
    starts = [_starts(len(row), int(length), int(hop)) for row in rows]
    recording = np.repeat(np.arange(len(rows)), [len(each) for each in starts])
    start = np.concatenate([np.zeros(0, np.int64), *starts])
    return Windows(rows, labels, int(length), recording, start, whose[recording])


def _starts(steps: int, length: int, hop: int) -> IntArray:
    if steps < length:
        return np.zeros(0, np.int64)
    regular = np.arange(0, steps - length + 1, hop)
    last = steps - length
    return regular if regular[-1] == last else np.append(regular, last)


def _check(name: str, rows: Sequence[Array], steps: Sequence[int] | None) -> None:
    if steps is None:
        raise InputError(
            f"{name}: expected a list of recordings (steps, ...), or one more axis. Received one recording"
        )
    if [len(row) for row in rows] != list(steps):
        raise InputError(
            f"{name}: expected {len(steps)} recordings of {list(steps)[:3]} steps as in x. "
            f"Received {len(rows)} of {[len(row) for row in rows][:3]}"
        )
