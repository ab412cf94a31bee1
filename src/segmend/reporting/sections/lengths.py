"""How long segments are: the reference above, each result below it, over the same bins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from segmend.core.segments import Segments
from segmend.core.types import FloatArray, IntArray
from segmend.reporting.content import ReportContent
from segmend.reporting.wording import count, duration

TITLE = "Lengths of segments"
BINS = 28


def context(content: ReportContent) -> dict[str, Any] | None:
    """One mirrored histogram per result, as shares of its segments; None without a reference or without segments."""
    if content.y_true is None:
        return None
    reference = _lengths(content.y_true, content)
    predicted = [_lengths(result.y_pred, content) for result in content.results]
    every = np.concatenate([reference, *predicted])
    if not every.size:
        return None
    edges = _edges(int(every.max()))
    rate = content.sampling_rate_hz
    plots = [
        {
            "name": result.name,
            "predicted": _shares(lengths, edges),
            "predicted_total": count(len(lengths)),
            "predicted_median": duration(_median(lengths), rate),
        }
        for result, lengths in zip(content.results, predicted, strict=True)
    ]
    top = max(max(_shares(lengths, edges), default=0.0) for lengths in [reference, *predicted])
    return {
        "reference": _shares(reference, edges),
        "reference_total": count(len(reference)),
        "reference_median": duration(_median(reference), rate),
        "plots": plots,
        "top": top or 1.0,
        "ticks": _ticks(edges, rate),
    }


def _lengths(lanes: Sequence[IntArray], content: ReportContent) -> IntArray:
    tables = [Segments.from_steps(np.asarray(lane), content.labels.background) for lane in lanes]
    return np.concatenate([table.length for table in tables]) if tables else np.zeros(0, np.int64)


def _edges(longest: int) -> FloatArray:
    """Bin edges from half a step up, even on a logarithmic scale."""
    edges: FloatArray = np.geomspace(0.5, max(longest, 2) * 1.01, BINS + 1)
    return edges


def _shares(lengths: IntArray, edges: FloatArray) -> list[float]:
    counted = np.histogram(lengths, edges)[0]
    return [float(share) for share in counted / max(len(lengths), 1)]


def _median(lengths: IntArray) -> float | None:
    return float(np.median(lengths)) if len(lengths) else None


def _ticks(edges: FloatArray, rate: float | None) -> list[dict[str, Any]]:
    """Round lengths along the axis, with their place from 0 to 1."""
    span = np.log(edges[-1] / edges[0])
    unit = rate or 1.0
    powers = 10.0 ** np.arange(-4, 8)
    ticks: list[dict[str, Any]] = [
        {"at": float(np.log(value * unit / edges[0]) / span), "text": duration(value * unit, rate).replace(".0 ", " ")}
        for value in powers
    ]
    return [tick for tick in ticks if 0.02 <= tick["at"] <= 0.98]
