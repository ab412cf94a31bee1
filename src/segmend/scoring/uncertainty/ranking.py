"""Ranking scores under many weightings of recordings: each class is sorted once, whatever the number of draws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.scoring.measures import mean_defined
from segmend.scoring.readings import divide, mean_known
from segmend.scoring.steps.probabilities import Judged

TOGETHER = 512
"""Draws of one walk: the sums of them stay in the processor's nearest cache."""

MOST_WORK = 10_000_000_000
"""Steps times classes times draws up to which all draws are made: 10 to 20 seconds."""

FEWEST = 100
"""Draws that are made however large the work."""


class RankedDraws(NamedTuple):
    """A ranking score of many draws; see ``Ranked``.

    Attributes:
        per_class: shape (draws, classes).
        micro, macro, weighted: shape (draws,).
    """

    per_class: FloatArray
    micro: FloatArray
    macro: FloatArray
    weighted: FloatArray


def ranking_draws(steps: Judged, draws: int) -> int:
    """How many of the draws ranking scores can have in reasonable time."""
    return min(draws, max(FEWEST, MOST_WORK // max(steps.y_prob.size, 1)))


def ranked_under(steps: Judged, owner: IntArray, weights: FloatArray) -> dict[str, RankedDraws]:
    """Average precision and area under the ROC curve of each weighting, by name, as ``ranked`` reads them of one.

    Args:
        steps: from ``judged_steps``.
        owner: number of the recording of each step, shape (steps,).
        weights: how often each recording counts, whole numbers, shape (draws, recordings).

    Examples:
        >>> steps = Judged(np.array([0, 1, 1]), np.array([[0.9, 0.1], [0.2, 0.8], [0.95, 0.05]]), multilabel=False)
        >>> ranked_under(steps, np.array([0, 0, 1]), np.array([[2.0, 0.0], [1.0, 1.0]]))["auc"].macro
        array([1. , 0.5])
    """
    turned = np.ascontiguousarray(weights.T, np.float64)
    each = [_walk(steps.holds(k), steps.y_prob[:, k], owner, turned) for k in range(steps.classes)]
    there, *read = (np.stack(columns, axis=1) for columns in zip(*each, strict=True))
    _, *together = _walk(steps.one_hot().ravel(), steps.y_prob.ravel(), np.repeat(owner, steps.classes), turned)
    return {
        name: RankedDraws(values, micro, mean_defined(values), mean_known(values, there, where=np.where))
        for name, values, micro in zip(("average_precision", "auc"), read, together, strict=True)
    }


def _walk(
    true: BoolArray, score: FloatArray, owner: IntArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Positives, average precision and area of each draw, NaN where undefined."""
    found = [np.concatenate(parts) for parts in zip(*_chunks(true, score, owner, weights), strict=True)]
    positives, negatives, precision, wrong = found
    return positives, divide(precision, positives), 1 - divide(wrong, positives * negatives)


def _chunks(
    true: BoolArray, score: FloatArray, owner: IntArray, weights: FloatArray
) -> Iterator[tuple[FloatArray, ...]]:
    from segmend.scoring.uncertainty.kernels import APART, BESIDE, POSITIVE, descend

    order = np.argsort(-score)
    ranked, there = score[order], true[order]
    closes = np.append(ranked[1:] != ranked[:-1], True)[: ranked.size]
    place = np.cumsum(closes) - closes
    shared = np.zeros(ranked.size, bool)  # by place: whether a positive has this score
    shared[place[there]] = True
    shared = shared[place]
    kind = np.where(there, POSITIVE, np.where(shared, BESIDE, APART)).astype(np.int8)
    for begin in range(0, weights.shape[1], TOGETHER):
        part = np.ascontiguousarray(weights[:, begin : begin + TOGETHER])
        yield descend(owner[order], kind, closes & shared, part)
