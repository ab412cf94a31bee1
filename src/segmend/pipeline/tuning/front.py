"""Trials that no other trial beats."""

from __future__ import annotations

import numpy as np

from segmend.core.types import FloatArray, IntArray


def pareto_front(scores: FloatArray) -> IntArray:
    """The rows that no other row beats: as good in every column and better in one.

    Args:
        scores: shape (trials, scores), larger is better; rows with NaN are left out.

    Returns:
        Numbers of the rows, those first that are best in the first column; rows that are equal are all there.

    Examples:
        >>> pareto_front(np.array([[0.9, 0.5], [0.8, 0.7], [0.8, 0.6], [0.7, np.nan]])).tolist()
        [0, 1]
    """
    scores = np.asarray(scores, np.float64)
    known = np.flatnonzero(~np.isnan(scores).any(axis=1))
    rows = scores[known]
    as_good = np.logical_and.reduce(rows[None] >= rows[:, None], axis=2)
    better = np.logical_or.reduce(rows[None] > rows[:, None], axis=2)
    kept = known[~np.logical_or.reduce(as_good & better, axis=1)]
    return kept[np.lexsort(-scores[kept].T[::-1])]
