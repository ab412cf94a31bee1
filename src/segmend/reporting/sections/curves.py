"""Precision over recall, class by class, where probabilities are known."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.reporting.content import ReportContent, Result
from segmend.reporting.palette import colours
from segmend.scoring.ranking import average_precision, precision_recall_curve

TITLE = "Precision and recall"

STEPS = 200_000
POINTS = 120


def context(content: ReportContent) -> dict[str, Any] | None:
    """One plot per result with probabilities of its own; None without any."""
    judged = [result for result in content.results if result.y_prob is not None]
    if content.y_true is None or not judged:
        return None
    every = max(1, -(-sum(content.steps) // STEPS))
    true = np.concatenate([row[::every] for row in content.y_true])
    plots = [_plot(content, result, true, every) for result in judged]
    return {"plots": [plot for plot in plots if plot["curves"]], "every": every}


def _plot(content: ReportContent, result: Result, true: IntArray, every: int) -> dict[str, Any]:
    prob = np.concatenate([rows[::every] for rows in result.y_prob or ()])
    keep = true != IGNORE
    tint = colours(content.labels)
    curves: list[dict[str, Any]] = []
    for k in content.labels.foreground:
        positive, score = true[keep] == k, prob[keep, k]
        if positive.any():
            curve = {"name": content.labels.names[k], "colour": tint[k], "points": _points(positive, score)}
            curves.append({**curve, "average_precision": average_precision(positive, score)})
    known = [curve["average_precision"] for curve in curves]
    return {"name": result.name, "curves": curves, "mean": float(np.mean(known)) if known else None}


def _points(positive: BoolArray, score: FloatArray) -> list[tuple[float, float]]:
    """At most about ``POINTS`` (recall, precision) pairs, even along the recall."""
    curve = precision_recall_curve(positive, score)
    cell = np.floor(curve.recall * POINTS)
    keep = np.flatnonzero(np.diff(cell, prepend=-1.0))
    keep = np.union1d(keep, [0, len(cell) - 1])
    return list(zip(curve.recall[keep].tolist(), curve.precision[keep].tolist(), strict=True))
