"""How sure a model is beside how often it is right, and how far chance could part the two."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.decoding.judge import inner_folds
from segmend.decoding.temperature import fit_temperature, sigmoid, softmax
from segmend.scoring.steps.calibration import BINS
from segmend.scoring.steps.probabilities import Judged, judged_steps

UNITS = 100
"""Recordings are cut into about so many pieces, which are taken to err independently: steps side by side do not."""
MOST = 50_000
"""Decisions that a temperature is fitted to, evenly spread."""
LEAST = 1e-7


@dataclass(frozen=True, slots=True)
class Sureness:
    """How sure, and how often right.

    Attributes:
        said, right: mean probability of what was said, and how often it was right.
        error: expected calibration error over bins of equal width.
        noise: what chance alone would give of it.
        deviations: distance of ``said`` and ``right`` in standard errors over pieces of recordings.
    """

    said: float
    right: float
    error: float
    noise: float
    deviations: float


def sureness(said: FloatArray, right: BoolArray, unit: IntArray) -> Sureness:
    """Compare probabilities of what was said with how often it was right.

    Args:
        said: from 0 to 1, shape (n,).
        right: shape (n,).
        unit: number of the piece that each belongs to; pieces err independently.

    Examples:
        >>> found = sureness(np.full(400, 0.9), np.arange(400) % 2 == 0, np.arange(400) // 4)
        >>> round(found.error, 2), round(found.said - found.right, 2), found.noise < 0.05
        (0.4, 0.4, True)
    """
    bins = np.clip(np.ceil(said * BINS).astype(np.int64) - 1, 0, BINS - 1)
    size = int(unit.max()) + 1
    gap = np.bincount(unit * BINS + bins, weights=said - right, minlength=size * BINS).reshape(size, BINS)
    count = np.bincount(unit * BINS + bins, minlength=size * BINS).reshape(size, BINS)
    mean = gap.sum(axis=0) / np.maximum(count.sum(axis=0), 1)
    # Where nothing went wrong, errors do not tell their own spread: that of independent answers is the least.
    least = np.bincount(bins, weights=said * (1 - said), minlength=BINS)
    spread = np.sqrt(np.maximum(np.square(gap - count * mean).sum(axis=0), least))
    total = gap.sum(axis=1)
    apart = total - count.sum(axis=1) * total.sum() / said.size
    error = np.sqrt(max(float(np.square(apart).sum()) * size / max(1, size - 1), float(least.sum()), 1e-12))
    return Sureness(
        said=float(said.mean()),
        right=float(right.mean()),
        error=float(np.abs(gap.sum(axis=0)).sum() / said.size),
        noise=float(np.sqrt(2 / np.pi) * spread.sum() / said.size),
        deviations=float(total.sum() / error),
    )


def decisions(prediction: Prediction) -> tuple[Judged, IntArray] | None:
    """Judged steps with their probabilities, and the piece of each; None where scores are no probabilities.

    Args:
        prediction: with ``y_true`` and ``y_prob``.
    """
    assert prediction.y_true is not None and prediction.y_prob is not None
    steps = judged_steps(prediction.y_true, prediction.y_prob, multilabel=prediction.multilabel)
    if not steps.probable or not len(steps.y_true):
        return None
    own = [_judged(rows, prediction) for rows in prediction.y_true]
    total, unit, first = sum(own), [], 0
    for count in own:
        parts = max(1, round(UNITS * count / total))
        unit.append(first + np.arange(count) * parts // max(1, count))
        first += parts
    return steps, np.concatenate(unit)


def _judged(rows: IntArray, prediction: Prediction) -> int:
    keep = np.asarray(rows) >= 0
    return int(keep.all(axis=-1).sum() if prediction.multilabel else keep.sum())


def surest(steps: Judged, prob: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Probability of what is said and whether it is right: of each step, or of every yes or no."""
    if steps.multilabel:
        return np.maximum(prob, 1 - prob).ravel(), ((prob > 0.5) == (steps.y_true == 1)).ravel()
    return prob.max(axis=1), prob.argmax(axis=1) == steps.y_true


def cooled(prob: FloatArray, temperature: float, *, multilabel: bool) -> FloatArray:
    """The probabilities at another temperature."""
    scores = np.log(np.clip(prob, LEAST, 1.0))
    if multilabel:
        return sigmoid(scores - np.log(np.clip(1 - prob, LEAST, 1.0)), temperature)
    return softmax(scores, temperature)


def fitted_temperature(prediction: Prediction, at: Sequence[int] | None = None) -> float:
    """The temperature with the least log loss on some recordings (all where None).

    Args:
        prediction: with ``y_true`` and ``y_prob``.
        at: numbers of recordings.
    """
    assert prediction.y_true is not None and prediction.y_prob is not None
    picked = list(range(len(prediction.names)) if at is None else at)
    classes = len(prediction.labels)
    stride = 1 + sum(prediction.y_prob[k].size for k in picked) // (classes * MOST)
    several = prediction.multilabel
    scores, true = [], []
    for k in picked:
        prob = np.clip(prediction.y_prob[k].reshape(-1, classes)[::stride].astype(np.float64), LEAST, 1 - LEAST)
        scores.append(np.log(prob) - np.log1p(-prob) if several else np.log(prob))
        true.append(np.reshape(prediction.y_true[k], (-1, classes) if several else -1)[::stride])
    groups = [(prediction.groups or prediction.names)[k] for k in picked]
    return fit_temperature(scores, true, groups, multilabel=several)


def after_cooling(prediction: Prediction) -> Sureness | None:
    """The sureness with each recording's temperature fitted to other groups; None with a single group."""
    assert prediction.y_prob is not None
    groups = tuple(map(str, prediction.groups or prediction.names))
    if len(set(groups)) < 2:
        return None
    prob = list(prediction.y_prob)
    for fit, held in inner_folds(groups):
        own = fitted_temperature(prediction, fit)
        for k in held:
            prob[k] = cooled(np.asarray(prob[k], np.float64), own, multilabel=prediction.multilabel)
    found = decisions(dataclasses.replace(prediction, y_prob=tuple(prob)))
    if found is None:
        return None
    said, right = surest(found[0], found[0].y_prob)
    return sureness(said, right, np.repeat(found[1], said.size // found[1].size))
