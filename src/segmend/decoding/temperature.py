"""Scores that are no probabilities yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.types import BoolArray, FloatArray, IntArray

TOLERANCE = 1e-2
"""How far a row of probabilities may be from 1: half precision loses that much over many classes."""

RANGE = (1e-3, 1e3)


def are_probabilities(y_prob: Sequence[FloatArray], *, multilabel: bool = False) -> bool:
    """True where every value lies in [0, 1] and, unless labels may overlap, every row sums to 1.

    >>> are_probabilities([np.array([[0.3, 0.7]])]), are_probabilities([np.array([[-1.0, 2.0]])])
    (True, False)
    >>> are_probabilities([np.array([[0.9, 0.7]])]), are_probabilities([np.array([[0.9, 0.7]])], multilabel=True)
    (False, True)
    """
    return all(_proper(rows, multilabel) for rows in y_prob if rows.size)


def _proper(rows: FloatArray, multilabel: bool) -> bool:
    if rows.min() < -1e-6:
        return False
    if multilabel:
        return bool(rows.max() <= 1 + 1e-6)
    return bool(np.all(np.abs(rows.sum(axis=-1, dtype=np.float64) - 1) <= TOLERANCE))


def softmax(scores: FloatArray, temperature: float = 1.0) -> FloatArray:
    """Rows of probabilities: exp(score / temperature), normalised; the classes on the last axis; shape kept.

    >>> softmax(np.array([[0.0, 0.0], [0.0, np.log(3.0)]]))
    array([[0.5 , 0.5 ], [0.25, 0.75]])
    """
    scaled = scores.astype(np.float64) / temperature
    exponential = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return exponential / exponential.sum(axis=-1, keepdims=True)


def sigmoid(scores: FloatArray, temperature: float = 1.0) -> FloatArray:
    """1 / (1 + exp(-score / temperature)), as double precision; shape kept.

    >>> sigmoid(np.array([0.0, np.log(3.0)]))
    array([0.5 , 0.75])
    """
    from scipy.special import expit

    found: FloatArray = expit(scores.astype(np.float64) / temperature)
    return found


def warmed(scores: Sequence[FloatArray], temperature: float | None, *, multilabel: bool = False) -> list[FloatArray]:
    """Scores as probabilities at a temperature that was fitted before; as they are at None.

    Examples:
        >>> warmed([np.array([0.0, 2.0])], 2.0)[0].round(2).tolist()
        [0.27, 0.73]
    """
    if temperature is None:
        return list(scores)
    likely = sigmoid if multilabel else softmax
    return [likely(rows, temperature) if rows.size else rows for rows in scores]


def as_probabilities(
    y_prob: Sequence[FloatArray],
    y_true: Sequence[IntArray] | None,
    groups: Sequence[Any] | None = None,
    *,
    multilabel: bool = False,
) -> tuple[tuple[FloatArray, ...], float | None]:
    """The arrays as they are if they are probabilities, else their softmax or sigmoid with a fitted temperature.

    Args:
        y_prob: one (*spatial, classes) array per recording, all of recordings the model was not trained on.
        y_true: one (*spatial) array per recording, -1 is not judged; with ``multilabel`` (*spatial, classes) of 0 and
            1; without it the temperature is 1.
        groups: one value per recording; each group weighs the same in the fit. None: each recording its own group.
        multilabel: labels may overlap: the sigmoid of each score, not the softmax of rows.

    Returns:
        The probabilities, and the temperature or None where nothing was done.

    Examples:
        >>> prob, temperature = as_probabilities([np.array([[4.0, 0.0], [4.0, 0.0]])], None)
        >>> temperature, prob[0].round(2).tolist()
        (1.0, [[0.98, 0.02], [0.98, 0.02]])
    """
    if are_probabilities(y_prob, multilabel=multilabel):
        return tuple(y_prob), None
    temperature = 1.0 if y_true is None else fit_temperature(y_prob, y_true, groups, multilabel=multilabel)
    return tuple(warmed(y_prob, temperature, multilabel=multilabel)), temperature


def fit_temperature(
    scores: Sequence[FloatArray],
    y_true: Sequence[IntArray],
    groups: Sequence[Any] | None = None,
    *,
    multilabel: bool = False,
) -> float:
    """The temperature with the least log loss, averaged over groups (Guo et al. 2017); 1 where nothing is judged.

    Arguments as for ``as_probabilities``. With ``multilabel`` each label of each step is a decision of its own between
    its score and 0.

    Examples:
        >>> truth = np.array([0, 0, 0, 1])  # a score that is right three times in four ...
        >>> scores = np.tile([10.0, 0.0], (4, 1))
        >>> round(float(softmax(scores, fit_temperature([scores], [truth]))[0, 0]), 3)  # ... means 0.75
        0.75
    """
    from scipy.optimize import minimize_scalar

    keys = list(range(len(scores))) if groups is None else groups
    judged = [np.asarray(labels) != IGNORE for labels in y_true]
    rows = [_decisions(part, keep, multilabel) for part, keep in zip(scores, judged, strict=True)]
    if not sum(map(len, rows)):
        return 1.0
    _, group = np.unique(np.repeat([str(key) for key in keys], [len(part) for part in rows]), return_inverse=True)
    weight = 1.0 / np.bincount(group)[group]
    stacked = np.concatenate(rows)
    stacked -= stacked.max(axis=1, keepdims=True)
    true = np.concatenate([np.asarray(labels)[keep] for labels, keep in zip(y_true, judged, strict=True)])
    own = stacked[np.arange(len(true)), true]

    def loss(log_temperature: float) -> float:
        scale = np.exp(-log_temperature)
        return float(np.average(np.log(np.exp(scale * stacked).sum(axis=1)) - scale * own, weights=weight))

    low, high = np.log(RANGE)
    return float(np.exp(minimize_scalar(loss, bounds=(low, high), method="bounded").x))


def _decisions(scores: FloatArray, judged: BoolArray, multilabel: bool) -> FloatArray:
    """Scores of what each decision is between, as double precision: the classes, or a label and its absence."""
    kept = np.asarray(scores[judged], np.float64)
    return np.stack([np.zeros_like(kept), kept], axis=-1) if multilabel else kept.reshape(-1, scores.shape[-1])
