"""An index of windows: which recording, which step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.segments import runs
from segmend.core.types import IntArray
from segmend.errors import InputError


class WindowIndex:
    """Where windows may begin, drawn evenly over steps or evenly over classes.

    Args:
        y_true: class of each step, one array (steps,) per recording; -1 is not judged.
        length: length of a window in steps.
        balanced: share of windows that lie around a segment of a class drawn evenly; the others lie anywhere, long
            recordings as often as their length demands.

    Raises:
        InputError: there is no recording with a judged step.

    Examples:
        >>> index = WindowIndex([np.array([0, 0, 0, 1])], length=2, balanced=1.0)
        >>> rng = np.random.default_rng(0)
        >>> {index.draw(rng) for _ in range(50)} <= {(0, 0), (0, 1), (0, 2)}
        True
    """

    def __init__(self, y_true: Sequence[IntArray], *, length: int, balanced: float = 0.0) -> None:
        self.length, self.balanced = length, balanced
        self.steps = np.array([len(row) for row in y_true], np.int64)
        weight = np.array([np.count_nonzero(row != IGNORE) for row in y_true], np.float64)
        if not weight.sum():
            raise InputError("y_true: expected at least one step to learn from. Received none")
        self.share = weight / weight.sum()
        self.segments = _segments_by_class(y_true)

    def draw(self, rng: np.random.Generator) -> tuple[int, int]:
        """Recording and first step of one window; the first step is 0 where the recording is shorter."""
        if rng.random() < self.balanced:
            of_class = self.segments[rng.integers(len(self.segments))]
            recording, start, stop = of_class[rng.integers(len(of_class))].tolist()
            centre = rng.integers(start, stop)
            first = centre - rng.integers(self.length)
        else:
            recording = int(rng.choice(len(self.share), p=self.share))
            # Windows may hang over both ends before they are pushed back, so that ends are seen as often as middles.
            first = rng.integers(-self.length // 2, max(self.steps[recording] - self.length // 2, 1))
        return recording, int(np.clip(first, 0, max(self.steps[recording] - self.length, 0)))


def _segments_by_class(y_true: Sequence[IntArray]) -> list[IntArray]:
    """Rows (recording, start, stop) of the runs of each class that occurs."""
    rows = []
    for recording, labels in enumerate(y_true):
        start, stop, label = runs(labels)
        rows.append(np.stack([np.full_like(start, recording), start, stop, label], axis=1))
    table = np.concatenate(rows)
    return [table[table[:, 3] == label, :3] for label in np.unique(table[:, 3]).tolist() if label != IGNORE]
