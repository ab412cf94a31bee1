"""Step level: is each step labelled right?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from segmend.core.types import FloatArray, IntArray
from segmend.scoring.levels.pooling import over_recordings
from segmend.scoring.measures import mean_defined
from segmend.scoring.presets import Preset
from segmend.scoring.ranking import average_precision
from segmend.scoring.readings import divide, f1, iou, precision, recall
from segmend.scoring.tallies import Tally


def step_level(
    tally: Tally, preset: Preset, y_true: Sequence[IntArray], y_prob: Sequence[FloatArray] | None
) -> dict[str, Any]:
    """Accuracy, macro F1 over the classes that are there or predicted (background included), and each class.

    Args:
        tally: counts of the prediction.
        preset: how accuracy is averaged.
        y_true: class number of each step, for the average precision.
        y_prob: probability of each class, one array of shape (steps, classes) per recording, or None.
    """
    steps = tally.step.pooled()
    scores = {name: read(steps) * preset.scale for name, read in READINGS.items()}
    ranked = _average_precisions(y_true, y_prob, len(tally.labels)) * preset.scale
    accuracy = over_recordings(accuracies(tally), preset.step_pooling, _pooled_accuracy(tally))
    return {
        "accuracy": float(accuracy) * preset.scale,
        "macro_f1": float(mean_defined(scores["f1"])),
        "per_class": {
            name: {**{key: float(values[k]) for key, values in scores.items()}, "average_precision": float(ranked[k])}
            for k, name in enumerate(tally.labels.names)
        },
    }


READINGS = {"precision": precision, "recall": recall, "f1": f1, "iou": iou}


def accuracies(tally: Tally) -> FloatArray:
    """Share of judged steps that are right, shape (recordings,); NaN where no step is judged."""
    return divide(tally.step.right, tally.step.judged)


def _pooled_accuracy(tally: Tally) -> float:
    return float(divide(tally.step.right.sum(), tally.step.judged.sum()))


def _average_precisions(y_true: Sequence[IntArray], y_prob: Sequence[FloatArray] | None, classes: int) -> FloatArray:
    found = np.full(classes, np.nan)
    if not y_prob:
        return found
    judged = [row >= 0 for row in y_true]
    true = np.concatenate([row[keep] for row, keep in zip(y_true, judged, strict=True)])
    for k in range(classes):
        column = np.concatenate([rows[keep, k] for rows, keep in zip(y_prob, judged, strict=True)])
        found[k] = average_precision(true == k, column)
    return found
