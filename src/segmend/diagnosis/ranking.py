"""Whether a class's probability ranks its steps above the others, wherever the threshold lies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.types import FloatArray, IntArray
from segmend.scoring.ranking import roc_auc

MOST = 100_000
"""Steps of either side that are looked at, evenly spread: the error of an AUC of so many is below 0.002."""


def separation(y_true: Sequence[IntArray], y_prob: Sequence[FloatArray], number: int) -> float:
    """Area under the ROC curve of one class against the rest, over all judged steps; NaN where one side is empty.

    Args:
        y_true: one (*spatial) array per recording, or, where labels may overlap, one shaped like ``y_prob`` of 0 and 1;
            -1 is not judged.
        y_prob: one (*spatial, classes) array per recording.
        number: the class.

    Examples:
        >>> y_prob = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.8, 0.2]])
        >>> separation([np.array([0, 0, 1, 1])], [y_prob], 1)
        0.875
    """
    has = [_has(np.asarray(true), prob, number) for true, prob in zip(y_true, y_prob, strict=True)]
    inside, outside = (
        np.concatenate([prob[..., number][each == side] for each, prob in zip(has, y_prob, strict=True)])
        for side in (1, 0)
    )
    inside, outside = (side[:: 1 + side.size // MOST] for side in (inside, outside))
    member = np.arange(inside.size + outside.size) < inside.size
    return roc_auc(member, np.concatenate([inside, outside]))


def _has(true: IntArray, prob: FloatArray, number: int) -> IntArray:
    """1 where the class holds, 0 where it does not, -1 where nothing is judged; shape (*spatial)."""
    if true.ndim == prob.ndim:
        return np.asarray(true[..., number])
    return np.where(true == IGNORE, IGNORE, (true == number).astype(np.int8))
