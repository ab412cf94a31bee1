"""How papers clean up labels of steps."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.core.segments import runs


def majority(steps: Any, background: int, *, shortest: int = 0, gap: int = 0) -> Any:
    """One label for each segment: the most frequent one between two gaps of background.

    Gaps are filled first, then short segments dropped, as in Deep Audio Segmenter and, without gaps, TweetyNet.

    Args:
        steps: class number of each step, shape (steps,).
        background: the class number between segments.
        shortest: segments of fewer steps become background.
        gap: background of fewer steps between two segments joins them.

    Examples:
        >>> majority(np.array([0, 1, 2, 2, 0, 2, 0, 0, 0, 1, 0]), 0, shortest=2, gap=2).tolist()
        [0, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0]
    """
    steps = np.asarray(steps)
    present = (steps != background).astype(np.int64)
    start, stop, there = runs(present)
    inner = (there == 0) & (np.arange(len(there)) > 0) & (np.arange(len(there)) < len(there) - 1)
    for a, b in zip(start[inner & (stop - start < gap)], stop[inner & (stop - start < gap)], strict=True):
        present[a:b] = 1
    read = np.full_like(steps, background)
    for a, b, kind in zip(*runs(present), strict=True):
        inside = steps[a:b]
        if kind and b - a >= shortest:
            read[a:b] = np.bincount(inside[inside != background]).argmax()
    return read


def without_short(steps: Any, shortest: int) -> Any:
    """Runs of fewer steps take the label before them (the first run that is long enough, at the beginning).

    Args:
        steps: class number of each step, shape (steps,), all of them labelled.
        shortest: steps of a run that stays.

    Examples:
        >>> without_short(np.array([3, 1, 1, 2, 1, 1]), 2).tolist()
        [1, 1, 1, 1, 1, 1]
    """
    start, stop, label = runs(np.asarray(steps))
    kept = np.flatnonzero(stop - start >= shortest)
    if not kept.size:
        return np.asarray(steps)
    before = np.maximum(np.searchsorted(kept, np.arange(len(label)), side="right") - 1, 0)
    return np.repeat(label[kept[before]], stop - start)
