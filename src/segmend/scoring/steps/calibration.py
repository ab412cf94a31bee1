"""Whether probabilities mean what they say."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from segmend.core.types import BoolArray, FloatArray
from segmend.errors import InputError
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
    if not len(steps.y_prob) or not steps.probable:
        return Calibration(*[float("nan")] * 4)
    true, prob = steps.one_hot(), steps.y_prob
    each = [expected_calibration_error(true[:, k], prob[:, k], bins=bins) for k in range(steps.classes)]
    if steps.multilabel:
        sure = np.maximum(prob, 1 - prob)
        top = expected_calibration_error(((prob > 0.5) == true).ravel(), sure.ravel(), bins=bins)
        logs = np.log(np.clip(np.where(true, prob, 1 - prob), LEAST, 1.0))
        brier = np.mean(np.square(prob - true))
    else:
        best = np.argmax(prob, axis=1)
        top = expected_calibration_error(best == steps.y_true, np.max(prob, axis=1), bins=bins)
        logs = np.log(np.clip(np.take_along_axis(prob, steps.y_true[:, None], axis=1), LEAST, 1.0))
        brier = np.mean(np.sum(np.square(prob - true), axis=1))
    return Calibration(top, float(np.mean(each)), float(brier), -float(np.mean(logs, dtype=np.float64)))


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
    if bins < 1:
        raise InputError(f"bins: expected 1 or more. Received {bins}")
    if not len(said):
        return float("nan")
    if said.min() < 0 or said.max() > 1:
        raise InputError(
            f"y_prob: expected probabilities from 0 to 1. Received {said.min() if said.min() < 0 else said.max()}"
        )
    # Bins are open below and closed above, (0, 1/n], as in the paper; 0 itself falls into the first.
    place = np.clip(np.ceil(said * bins).astype(np.int64) - 1, 0, bins - 1)
    gap = np.bincount(place, weights=said, minlength=bins) - np.bincount(place, weights=right, minlength=bins)
    return float(np.abs(gap).sum() / len(said))
