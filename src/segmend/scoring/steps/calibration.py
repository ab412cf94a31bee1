"""Whether probabilities mean what they say."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.errors import InputError
from segmend.scoring.readings import divide
from segmend.scoring.steps.probabilities import Judged

BINS = 15
LEAST = 1e-7
"""Probabilities below this are raised to it before the logarithm: one sure mistake costs 16, not infinity."""


class Calibration(NamedTuple):
    """Errors of probabilities, all 0 for perfect ones; NaN where no step is judged or scores are no probabilities.

    Attributes:
        ece: expected calibration error of the most probable class; multilabel: of every yes or no.
        classwise_ece: mean over classes of the error of that class's probability.
        brier: mean squared distance to the one-hot truth, summed over classes (from 0 to 2), as Brier wrote it;
            multilabel: mean over classes (from 0 to 1).
        log_loss: mean of minus the logarithm of the true class's probability; multilabel: binary, mean over classes.
    """

    ece: float
    classwise_ece: float
    brier: float
    log_loss: float


def calibration(steps: Judged, *, bins: int = BINS) -> Calibration:
    """Calibration errors of judged steps.

    Args:
        steps: from ``judged_steps``.
        bins: number of bins of equal width.

    Source:
        Brier 1950, "Verification of forecasts expressed in terms of probability"; Guo et al. 2017, "On calibration of
        modern neural networks"; Kull et al. 2019, "Beyond temperature scaling" (classwise).

    Examples:
        >>> steps = Judged(np.array([1, 1, 0, 1]), np.array([[0.25, 0.75]] * 4), multilabel=False)
        >>> found = calibration(steps)
        >>> found.ece, round(found.brier, 3), round(found.log_loss, 3)
        (0.0, 0.375, 0.562)
    """
    whole = np.zeros(len(steps.y_prob), np.int64)
    return Calibration(*(float(values[0]) for values in calibration_under(steps, whole, np.ones((1, 1)), bins=bins)))


def calibration_under(
    steps: Judged, owner: IntArray, weights: FloatArray, *, bins: int = BINS
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """The errors of ``Calibration`` under each weighting of recordings, each of shape (draws,).

    Args:
        steps: from ``judged_steps``.
        owner: number of the recording of each step, shape (steps,).
        weights: how often each recording counts, shape (draws, recordings).
        bins: number of bins of equal width.
    """
    draws, recordings = weights.shape
    if not len(steps.y_prob) or not steps.probable:
        unknown = np.full(draws, np.nan)
        return unknown, unknown, unknown, unknown
    true, prob = steps.one_hot(), steps.y_prob
    count = weights @ np.bincount(owner, minlength=recordings)

    def error(right: BoolArray, said: FloatArray, of: IntArray) -> FloatArray:
        gap = weights @ _gaps(right, said, of, recordings, bins)
        return divide(np.abs(gap).sum(axis=1) * (len(owner) / len(of)), count)

    def mean(values: FloatArray) -> FloatArray:
        return divide(weights @ np.bincount(owner, weights=values, minlength=recordings), count)

    each = [error(true[:, k], prob[:, k], owner) for k in range(steps.classes)]
    distance, loss = _distances(steps, true)
    top = error(*_surest(steps, true), np.repeat(owner, steps.classes) if steps.multilabel else owner)
    return top, np.mean(each, axis=0), mean(distance), mean(loss)


def _surest(steps: Judged, true: BoolArray) -> tuple[BoolArray, FloatArray]:
    """Whether what was said came true, and its probability: of each step, or of every yes or no."""
    prob = steps.y_prob
    if steps.multilabel:
        return ((prob > 0.5) == true).ravel(), np.maximum(prob, 1 - prob).ravel()
    return np.argmax(prob, axis=1) == steps.y_true, np.max(prob, axis=1)


def _distances(steps: Judged, true: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Squared distance and logarithmic loss of each step, shape (steps,)."""
    prob = steps.y_prob
    squares = np.square(prob - true)
    if steps.multilabel:
        logs = np.log(np.clip(np.where(true, prob, 1 - prob), LEAST, 1.0))
        return squares.mean(axis=1), -logs.mean(axis=1, dtype=np.float64)
    logs = np.log(np.clip(np.take_along_axis(prob, steps.y_true[:, None], axis=1), LEAST, 1.0))
    return squares.sum(axis=1), -logs[:, 0]


def expected_calibration_error(right: BoolArray, said: FloatArray, *, bins: int = BINS) -> float:
    """Mean distance between how sure and how often right, over bins of equal width, weighted by their steps.

    Args:
        right: whether what was said came true, shape (n,).
        said: its probability, from 0 to 1, shape (n,).
        bins: number of bins.

    Raises:
        InputError: a probability is outside [0, 1], or there is no bin.

    Examples:
        >>> expected_calibration_error(np.array([True, False]), np.array([1.0, 1.0]))
        0.5
    """
    if not len(said):
        return float("nan")
    if said.min() < 0 or said.max() > 1:
        raise InputError(
            f"y_prob: expected probabilities from 0 to 1. Received {said.min() if said.min() < 0 else said.max()}"
        )
    gap = _gaps(right, said, np.zeros(len(said), np.int64), 1, bins)
    return float(np.abs(gap).sum() / len(said))


def _gaps(right: BoolArray, said: FloatArray, owner: IntArray, recordings: int, bins: int) -> FloatArray:
    """Summed probability minus how often right, shape (recordings, bins)."""
    if bins < 1:
        raise InputError(f"bins: expected 1 or more. Received {bins}")
    # Bins are open below and closed above, (0, 1/n], as in the paper; 0 itself falls into the first.
    cell = owner * bins + np.clip(np.ceil(said * bins).astype(np.int64) - 1, 0, bins - 1)
    size = recordings * bins
    gap = np.bincount(cell, weights=said, minlength=size) - np.bincount(cell, weights=right, minlength=size)
    return gap.reshape(recordings, bins).astype(np.float64)
