"""Padding at the end of recordings, as arrays of one length have it."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.core.ends import repeated
from segmend.core.labels import IGNORE
from segmend.core.types import BoolArray, FloatArray
from segmend.pipeline.inputs.batches import Examples


def padding_facts(examples: Examples, mask: Any = None) -> dict[str, Any]:
    """``lengths``, ``padded`` and ``padded_judged`` of ``Chart.targets``; empty for what is no signal.

    Args:
        examples: recordings, their labels and weights as given.
        mask: False where a step is not judged, one entry per recording.

    Examples:
        >>> x = [np.array([[1.0], [2.0], [0.0], [0.0]]), np.array([[1.0], [2.0], [3.0], [4.0]])]
        >>> padding_facts(Examples(x, [np.array([1, 1, -1, 0]), np.array([1, 1, 0, 0])], None))
        {'lengths': [4, 4], 'padded': [2, 0], 'padded_judged': [1, 0]}
    """
    if any(rows.ndim not in (1, 2) or not rows.size for rows in examples.x):
        return {}
    padded = [trailing(rows.reshape(len(rows), -1)) for rows in examples.x]
    facts = {"lengths": [len(rows) for rows in examples.x], "padded": padded}
    if any(y.ndim == 0 or len(y) != len(x) for x, y in zip(examples.x, examples.y, strict=True)):
        return {**facts, "padded_judged": None}
    judged = [int(_judged(examples, mask, k)[len(examples.x[k]) - steps :].sum()) for k, steps in enumerate(padded)]
    return {**facts, "padded_judged": judged}


def trailing(rows: FloatArray) -> int:
    """Steps at the end that repeat one value in all channels; 0 where fewer than two do.

    Args:
        rows: (steps, channels).
    """
    return repeated(rows, rows[-1, 0])


def _judged(examples: Examples, mask: Any, number: int) -> BoolArray:
    """Whether each step of a recording counts, (steps,)."""
    labels = examples.y[number]
    counts = (labels.reshape(len(labels), -1) != IGNORE).any(axis=1)
    given = [None if side is None else side[number] for side in (examples.weight, mask)]
    for side in (np.asarray(each) for each in given if each is not None):
        if side.ndim and len(side) == len(counts):
            counts = counts & (side.reshape(len(side), -1) != 0).any(axis=1)
        elif not side.any():
            counts = np.zeros_like(counts)
    return np.asarray(counts)
