"""Recordings and images cut into windows of one size, without copying, each knowing whose it is."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from segmend.core.task import NAMES
from segmend.core.types import IntArray
from segmend.errors import InputError

Array = npt.NDArray[Any]
Extent = int | Sequence[int]


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Windows of recordings: ``windows[k]`` is a view, ``windows.take(index)`` a stacked copy for training.

    Attributes:
        x: the recordings, each (steps, ...), or images, each (height, width, ...).
        y: their labels, one per step or pixel, or one (or one row) for each whole recording; None where there are none.
        length: steps of each window; of images its height and width.
        recording: number of the recording of each window, shape (windows,).
        start: its first step there, shape (windows,); of images its first row and column, shape (windows, 2).
        groups: group of each window, shape (windows,): give it to a grouped split, or windows that overlap end up on
            both sides of it.
        whole: whether labels are those of whole recordings, which all their windows have.
    """

    x: tuple[Array, ...]
    y: tuple[Array, ...] | None
    length: int | tuple[int, ...]
    recording: IntArray
    start: IntArray
    groups: Array
    whole: bool = False

    def __len__(self) -> int:
        return int(self.recording.size)

    def __getitem__(self, number: int) -> Any:
        """One window: a view of its recording, or a pair of views where there are labels."""
        if not -len(self) <= number < len(self):
            raise IndexError(f"window {number}: expected a number below {len(self)}")
        row, first = int(self.recording[number]), np.atleast_1d(self.start[number]).tolist()
        sizes = (self.length,) if isinstance(self.length, int) else self.length
        box = tuple(slice(low, low + size) for low, size in zip(first, sizes, strict=True))
        if self.y is None:
            return self.x[row][box]
        return self.x[row][box], self.y[row] if self.whole else self.y[row][box]

    def take(self, index: IntArray | Sequence[int]) -> Any:
        """Some windows stacked, shape (windows, *length, ...): x, or x and y."""
        every = [self[int(k)] for k in np.asarray(index)]
        if self.y is None:
            return np.stack(every)
        return np.stack([x for x, _ in every]), np.stack([y for _, y in every])


def windows(
    x: Any, y: Any = None, length: Extent = 1, hop: Extent | None = None, groups: Any = None, task: str | None = None
) -> Windows:
    """Cut recordings into windows of ``length`` steps, every ``hop`` steps; images likewise along both axes.

    What does not fill a window at a recording's end is reached by a last window that ends with the recording; one that
    is shorter than a window gives none. Nothing is copied: memory maps stay on disk.

    Args:
        x: signals: ``(recordings, steps)``, ``(recordings, steps, channels)``, or a list of such of any length; or
            images ``(height, width, channels)``, or ``(height, width)`` where ``length`` names two sizes.
        y: labels, or None: of each step or pixel, ``(*spatial)`` or with an axis of classes where they may overlap; or
            one number for each recording, or one row of classes.
        length: size of a window, one number or one for each spatial axis.
        hop: from one window to the next, likewise; None is ``length`` (no overlap).
        groups: one value per recording, such as the subject; None takes each recording as its own.
        task: what ``y`` means, where its shape does not say it: "multilabel-classification" for rows of classes of
            signals.

    Raises:
        InputError: lengths or numbers do not fit.

    Examples:
        >>> cut = windows([np.zeros((10, 2)), np.ones((5, 2))], length=4, hop=3, groups=["ann", "bob"])
        >>> cut.start.tolist(), cut.recording.tolist(), cut.groups.tolist()
        ([0, 3, 6, 0, 1], [0, 0, 0, 1, 1], ['ann', 'ann', 'ann', 'bob', 'bob'])
        >>> cut.take([0, 4]).shape
        (2, 4, 2)
        >>> images, classes = np.zeros((2, 6, 9, 3)), [4, 7]
        >>> x, y = windows(images, classes, length=6, hop=3).take([0, 1, 2])
        >>> x.shape, y.tolist()
        ((3, 6, 6, 3), [4, 4, 7])
    """
    if task is not None and task not in NAMES:
        raise InputError(f'task: expected one of {list(NAMES)}. Received "{task}"')
    rows, labels = tuple(map(np.asanyarray, x)), None if y is None else tuple(map(np.asanyarray, y))
    rank = _rank(rows, length)
    size = _each("length", length, rank)
    hops = size if hop is None else _each("hop", hop, rank)
    whole = labels is not None and _of_wholes(labels, rank, task)
    if labels is not None:
        _check(rows, labels, rank, whole)
    whose = np.arange(len(rows)) if groups is None else np.asarray(groups)
    if whose.shape != (len(rows),):
        raise InputError(f"groups: expected one value for each of {len(rows)} recordings. Received {whose.shape}")
    starts = [_corners(row.shape, size, hops) for row in rows]
    recording = np.repeat(np.arange(len(rows)), [len(each) for each in starts])
    start = np.concatenate([np.zeros((0, rank), np.int64), *starts])
    length, start = (size[0], start[:, 0]) if rank == 1 else (size, start)
    return Windows(rows, labels, length, recording, start, whose[recording], whole)


def _rank(rows: Sequence[Array], length: Extent) -> int:
    """Number of spatial axes."""
    axes = {row.ndim for row in rows}
    if 0 in axes or len(axes) > 1:
        raise InputError(
            f"x: expected a list of recordings (steps, ...), or one more axis. "
            f"Received {'one recording' if axes == {0} else f'arrays of {sorted(axes)} axes'}"
        )
    rank = len(length) if isinstance(length, Sequence) else 2 if axes == {3} else 1
    if axes and not 0 <= axes.pop() - rank <= 1:
        raise InputError(
            f"x: expected {rank} spatial axes, and perhaps one of channels. Received shape {rows[0].shape}"
        )
    return rank


def _each(name: str, value: Extent, rank: int) -> tuple[int, ...]:
    """One number for each spatial axis."""
    numbers = tuple(value) if isinstance(value, Sequence) else (value,) * rank
    if len(numbers) != rank or any(number < 1 or number != int(number) for number in numbers):
        each = "" if rank == 1 else f", or {rank} of them"
        raise InputError(f"{name}: expected a whole number of steps from 1{each}. Received {value}")
    return tuple(int(number) for number in numbers)


def _of_wholes(labels: Sequence[Array], rank: int, task: str | None) -> bool:
    """Whether labels are those of whole recordings."""
    if task is not None:
        return task.endswith("classification")
    return all(label.ndim < rank for label in labels)


def _corners(shape: tuple[int, ...], size: tuple[int, ...], hops: tuple[int, ...]) -> IntArray:
    """First steps of one recording's windows, shape (windows, axes)."""
    axes = [_starts(*each) for each in zip(shape[: len(size)], size, hops, strict=True)]
    return np.array(list(itertools.product(*axes)), np.int64).reshape(-1, len(size))


def _starts(steps: int, length: int, hop: int) -> list[int]:
    if steps < length:
        return []
    last = steps - length
    return [*range(0, last, hop), last]


def _check(rows: Sequence[Array], labels: Sequence[Array], rank: int, whole: bool) -> None:
    want = [row.shape[:rank] for row in rows]
    if whole:
        if len(labels) != len(rows):
            raise InputError(f"y: expected a label for each of {len(rows)} recordings. Received {len(labels)}")
        return
    have = [label.shape[:rank] for label in labels]
    if have != want:
        sizes = [shape[0] if rank == 1 else shape for shape in want]
        found = [(shape[0] if shape else 0) if rank == 1 else shape for shape in have]
        raise InputError(
            f"y: expected {len(rows)} recordings of {sizes[:3]} steps as in x. Received {len(have)} of {found[:3]}"
        )
