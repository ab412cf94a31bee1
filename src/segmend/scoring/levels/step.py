"""Step level: is each step labelled right?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.scoring import readings
from segmend.scoring.levels.pooling import over_recordings
from segmend.scoring.presets import Preset
from segmend.scoring.readings import Average, averaged, divide
from segmend.scoring.steps import StepTally
from segmend.scoring.steps.calibration import Calibration
from segmend.scoring.steps.soft import SoftScores

AVERAGES: tuple[Average, ...] = ("micro", "macro", "weighted")
RANKED = ("average_precision", "auc")


def step_level(
    step: StepTally, preset: Preset, soft: SoftScores | None, *, beta: float = 1.0, cost: Any = None
) -> dict[str, Any]:
    """Scores of steps, all classes present, the background included.

    Args:
        step: counts of the prediction.
        preset: how accuracy is averaged, and the unit of all that is a share of steps.
        soft: ranking and calibration of the probabilities; None where only labels are known.
        beta: how much more recall weighs than precision in ``f_beta``.
        cost: cost of each pair of true (row) and predicted class, shape (classes, classes).

    Raises:
        InputError: ``beta`` or ``cost`` is not what was expected.
    """
    counts, scale = step.pooled(), preset.scale
    read = readings_of(beta)
    order = soft.ranked if soft is not None else {}
    per_class = {name: reading(counts) * scale for name, reading in read.items()}
    per_class |= {name: order[name].per_class * scale if order else _unknown(step) for name in RANKED}
    return {
        **_accuracies(step, preset),
        "balanced_accuracy": float(readings.balanced_accuracy(counts)) * scale,
        "macro_f1": float(averaged(readings.f1, counts)) * scale,
        "kappa": _of_one_label(readings.kappa, step),
        "matthews": _of_one_label(readings.matthews, step),
        "expected_cost": _expected_cost(step, cost),
        **{
            average: {
                **{name: float(averaged(reading, counts, average)) * scale for name, reading in read.items()},
                **{name: getattr(order[name], average) * scale if order else np.nan for name in RANKED},
            }
            for average in AVERAGES
        },
        "calibration": (soft.calibration if soft is not None else Calibration(*[np.nan] * 4))._asdict(),
        "confusion": None if step.confusion is None else step.table().tolist(),
        "per_class": {
            name: {key: float(values[k]) for key, values in per_class.items()}
            for k, name in enumerate(step.labels.names)
        },
    }


def readings_of(beta: float) -> dict[str, Callable[..., Any]]:
    """The readings of each class, by name.

    Raises:
        InputError: ``beta`` is not above 0.
    """
    if not 0 < beta < np.inf:
        raise InputError(f"beta: expected a number above 0. Received {beta}")
    return {
        "precision": readings.precision,
        "recall": readings.recall,
        "f1": readings.f1,
        "f_beta": partial(readings.f_beta, beta=beta),
        "iou": readings.iou,
    }


def accuracies(step: StepTally) -> FloatArray:
    """Share of judged steps that are wholly right, shape (recordings,); NaN where no step is judged."""
    return divide(step.right, step.judged)


def _accuracies(step: StepTally, preset: Preset) -> dict[str, Any]:
    pooled = float(divide(step.right.sum(), step.judged.sum()))
    right = over_recordings(accuracies(step), preset.step_pooling, pooled) * preset.scale
    if step.confusion is not None:
        return {"accuracy": float(right)}
    hamming = float(averaged(readings.accuracy, step.pooled(), "micro")) * preset.scale
    return {"accuracy": np.nan, "hamming_accuracy": hamming, "subset_accuracy": float(right)}


def _of_one_label(reading: Callable[..., Any], step: StepTally) -> float:
    return float(reading(step.pooled())) if step.confusion is not None else float("nan")


def _expected_cost(step: StepTally, cost: Any) -> float:
    if cost is None:
        return float("nan")
    table, classes = np.asarray(cost, np.float64), len(step.labels)
    if table.shape != (classes, classes) or not np.isfinite(table).all():
        raise InputError(f"cost: expected finite numbers of shape {(classes, classes)}. Received shape {table.shape}")
    return float(readings.expected_cost(step.table(), table))


def _unknown(step: StepTally) -> FloatArray:
    return np.full(len(step.labels), np.nan)
