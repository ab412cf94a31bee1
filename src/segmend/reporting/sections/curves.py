"""Precision over recall in a small plot for each class, where probabilities are known."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.reporting.content import ReportContent, Result
from segmend.reporting.palette import colours
from segmend.reporting.terms import terms
from segmend.reporting.units import belongs, every, flat
from segmend.reporting.wording import count
from segmend.scoring.ranking import average_precision, precision_recall_curve

TITLE = "Precision and recall"

POINTS = 90


def context(content: ReportContent) -> dict[str, Any] | None:
    """One set of plots per result with probabilities of its own; None without any."""
    judged = [result for result in content.results if result.y_prob is not None]
    if content.y_true is None or not judged:
        return None
    stride = every(content)
    true = flat(content.y_true, content.rank, stride)
    plots = [plot for plot in (_plot(content, result, true, stride) for result in judged) if plot["curves"]]
    return (
        {"plots": plots, "every": stride, "unit": terms(content).unit, "counted": content.rank > 0} if plots else None
    )


def _plot(content: ReportContent, result: Result, true: IntArray, stride: int) -> dict[str, Any]:
    prob = flat(result.y_prob or (), content.rank, stride)
    tint = colours(content.labels)
    curves: list[dict[str, Any]] = []
    for k in content.labels.foreground:
        positive, known = belongs(true, k)
        positive, score = positive[known], prob[known, k]
        if positive.any():
            curve = {"name": content.labels.names[k], "colour": tint[k], "points": _points(positive, score)}
            share = {"share": float(positive.mean()), "positives": count(int(positive.sum()) * stride)}
            curves.append({**curve, **share, "average_precision": average_precision(positive, score)})
    known_ones = [curve["average_precision"] for curve in curves]
    return {"name": result.name, "curves": curves, "mean": float(np.mean(known_ones)) if known_ones else None}


def _points(positive: BoolArray, score: FloatArray) -> list[tuple[float, float]]:
    """At most about ``POINTS`` (recall, precision) pairs, even along the recall."""
    curve = precision_recall_curve(positive, score)
    cell = np.floor(curve.recall * POINTS)
    keep = np.flatnonzero(np.diff(cell, prepend=-1.0))
    keep = np.union1d(keep, [0, len(cell) - 1])
    return list(zip(curve.recall[keep].tolist(), curve.precision[keep].tolist(), strict=True))
