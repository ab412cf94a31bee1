"""What thresholds of their own would bring the classes, judged on groups that they were not fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import IGNORE, Labels
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.judge import inner_folds
from segmend.decoding.thresholds import best_threshold
from segmend.scoring.readings import Counts, f1
from segmend.scoring.steps import count_steps

MOST = 100_000
"""Steps that thresholds are fitted to, evenly spread."""
USUAL = 0.5
FLOOR = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class ThresholdFit:
    """Thresholds and what they bring.

    Attributes:
        threshold: fitted to all recordings, shape (classes,); 0.5 where none is better.
        y_pred: labels of each recording under thresholds fitted to the other folds.
        before, after: F1 of each class over steps, as predicted and under those thresholds, shape (classes,).
        error: standard error of their difference over groups (jackknife), shape (classes,).
    """

    threshold: FloatArray
    y_pred: tuple[IntArray, ...]
    before: FloatArray
    after: FloatArray
    error: FloatArray


def fitted(prediction: Prediction) -> ThresholdFit | None:
    """The fit, None where there are fewer than 3 groups.

    Args:
        prediction: with ``y_true`` and ``y_prob``.
    """
    assert prediction.y_true is not None and prediction.y_prob is not None
    groups = tuple(map(str, prediction.groups or prediction.names))
    if len(set(groups)) < 3:
        return None
    true, prob = prediction.y_true, prediction.y_prob
    several, labels = prediction.multilabel, prediction.labels
    said = list(prediction.y_pred)
    for fit, held in inner_folds(groups):
        own = thresholds([true[k] for k in fit], [prob[k] for k in fit], labels)
        for k in held:
            said[k] = labelled(prob[k], own, labels, multilabel=several)
    number = np.unique(groups, return_inverse=True)[1]
    tables = [_by_group(prediction, rows, number) for rows in (prediction.y_pred, said)]
    before, after = (f1(Counts(*(column.sum(axis=0) for column in table))) for table in tables)
    return ThresholdFit(thresholds(true, prob, labels), tuple(said), before, after, _jackknife(*tables))


def thresholds(y_true: Sequence[IntArray], y_prob: Sequence[FloatArray], labels: Labels) -> FloatArray:
    """The threshold with the best F1 of each class over steps; 0.5 where none is better than answering it everywhere.

    Args:
        y_true: one (*spatial) array per recording, or shaped like ``y_prob`` where labels may overlap.
        y_prob: one (*spatial, classes) array per recording.
        labels: class names and the background, whose threshold is not used.
    """
    stride = 1 + sum(rows[..., 0].size for rows in y_prob) // MOST
    several = np.ndim(y_true[0]) == np.ndim(y_prob[0])
    prob = np.concatenate([rows.reshape(-1, len(labels))[::stride] for rows in y_prob])
    flat = [np.reshape(rows, (-1, len(labels)) if several else -1)[::stride] for rows in y_true]
    true = np.concatenate(flat)
    keep = (true[:, 0] if several else true) != IGNORE
    prob, true = prob[keep], true[keep]
    found = np.full(len(labels), USUAL)
    for k in labels.foreground:
        own = best_threshold(prob[:, k], true[:, k] == 1 if several else true == k)
        found[k] = USUAL if own is None else max(own, FLOOR)
    return found


def labelled(y_prob: FloatArray, threshold: FloatArray, labels: Labels, *, multilabel: bool) -> IntArray:
    """Labels under thresholds: the class that exceeds its own by the largest factor, else the background."""
    ratio = y_prob / threshold
    if multilabel:
        return (ratio >= 1).astype(np.int8)
    if labels.background is not None:
        ratio[..., labels.background] = 1.0 - 1e-12
    return np.asarray(np.argmax(ratio, axis=-1))


def _by_group(prediction: Prediction, y_pred: Sequence[IntArray], number: IntArray) -> Counts:
    """Steps of each class against the rest, each shape (groups, classes)."""
    assert prediction.y_true is not None
    counted = count_steps(prediction.y_true, y_pred, prediction.labels, multilabel=prediction.multilabel)
    table = np.arange(number.max() + 1)[:, None] == number
    return Counts(*(table @ column for column in counted.tables))


def _jackknife(before: Counts, after: Counts) -> FloatArray:
    """Standard error of the gain in F1, leaving out one group at a time."""
    first, second = (f1(Counts(*(column.sum(axis=0) - column for column in side))) for side in (before, after))
    gains = np.nan_to_num(second - first)
    groups = len(gains)
    return np.asarray(np.sqrt((groups - 1) / groups * np.square(gains - gains.mean(axis=0)).sum(axis=0)))
