"""Whether probabilities mean what they say, in a small plot for each class."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.core.types import BoolArray, FloatArray
from segmend.reporting.content import ReportContent, Result
from segmend.reporting.palette import colours
from segmend.reporting.terms import terms
from segmend.reporting.units import belongs, every, flat
from segmend.reporting.wording import count

TITLE = "Reliability of probabilities"
BINS = 10
FEWEST = 5
"""Units that a bin needs to be shown: shares of fewer say little."""


def context(content: ReportContent) -> dict[str, Any] | None:
    """One set of plots per result with probabilities of its own; None without any."""
    judged = [result for result in content.results if result.y_prob is not None]
    if content.y_true is None or not judged:
        return None
    plots = [plot for plot in (_plot(content, result) for result in judged) if plot["curves"]]
    return {"plots": plots, "unit": terms(content).unit, "fewest": FEWEST} if plots else None


def _plot(content: ReportContent, result: Result) -> dict[str, Any]:
    stride, tint = every(content), colours(content.labels)
    true = flat(content.y_true or (), content.rank, stride)
    prob = flat(result.y_prob or (), content.rank, stride)
    curves = []
    for k in content.labels.foreground:
        positive, known = belongs(true, k)
        if positive.any():
            facts = reliability(positive[known], prob[known, k])
            curves.append({"name": content.labels.names[k], "colour": tint[k], **facts})
    return {"name": result.name, "curves": curves}


def reliability(positive: BoolArray, score: FloatArray) -> dict[str, Any]:
    """Mean probability and share of positives in bins of equal width.

    Args:
        positive: shape (n,).
        score: probabilities, shape (n,).

    Returns:
        ``points``: probability, share, and the part of all units in the bin; ``error``: mean distance of the two.

    Examples:
        >>> facts = reliability(np.arange(10) < 5, np.full(10, 0.75))
        >>> facts["error"], [point["share"] for point in facts["points"]]
        (0.25, [0.5])
    """
    at = np.clip((np.asarray(score, np.float64) * BINS).astype(np.int64), 0, BINS - 1)
    number = np.bincount(at, minlength=BINS)
    said, found = (np.bincount(at, weights, minlength=BINS) / np.maximum(number, 1) for weights in (score, positive))
    points = [
        {
            "said": float(said[k]),
            "share": float(found[k]),
            "part": float(number[k] / at.size),
            "units": count(number[k]),
        }
        for k in np.flatnonzero(number >= FEWEST)
    ]
    return {"points": points, "error": float(np.sum(number * np.abs(said - found)) / max(at.size, 1))}
