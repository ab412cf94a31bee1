"""How long segments are, or how large the objects of images: the reference above, a result below, same bins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from segmend.core.segments import Segments
from segmend.core.types import FloatArray, IntArray
from segmend.reporting.content import IMAGE_RANK, ReportContent
from segmend.reporting.objects import layers
from segmend.reporting.wording import area, count, duration

TITLE = "Lengths of segments"
AREAS = "Areas of objects"
BINS = 28


def context(content: ReportContent) -> dict[str, Any] | None:
    """One mirrored histogram per result, as shares of its segments; None without a reference or without segments."""
    if content.y_true is None or content.rank == 0:
        return None
    flat = content.rank == IMAGE_RANK
    reference = _sizes(content.y_true, content, content.instances)
    predicted = [_sizes(result.y_pred, content, result.instances) for result in content.results]
    every = np.concatenate([reference, *predicted])
    if not every.size:
        return None
    edges = _edges(int(every.max()))
    rate = content.sampling_rate_hz
    said = area if flat else partial(duration, rate=rate)
    plots = [
        {
            "name": result.name,
            "predicted": _shares(lengths, edges),
            "predicted_total": count(len(lengths)),
            "predicted_median": said(_median(lengths)),
        }
        for result, lengths in zip(content.results, predicted, strict=True)
    ]
    top = max(max(_shares(lengths, edges), default=0.0) for lengths in [reference, *predicted])
    return {
        "title": AREAS if flat else TITLE,
        "areas": flat,
        "reference": _shares(reference, edges),
        "reference_total": count(len(reference)),
        "reference_median": said(_median(reference)),
        "plots": plots,
        "top": top or 1.0,
        "ticks": _ticks(edges, 1.0 if flat else rate or 1.0, said),
    }


def _sizes(lanes: Sequence[IntArray], content: ReportContent, instances: Sequence[IntArray] | None) -> IntArray:
    """Steps of every segment, or pixels of every object, of all classes and recordings."""
    parts: list[IntArray] = []
    for k, lane in enumerate(lanes):
        if content.rank == IMAGE_RANK:
            found = layers(lane, content.labels, None if instances is None else instances[k])
            parts += [np.bincount(layer.numbers.ravel(), minlength=len(layer) + 1)[1:] for layer in found]
        elif content.multilabel:
            columns = (np.asarray(lane)[:, label] for label in content.labels.foreground)
            parts += [Segments.from_steps(column, 0).length for column in columns]
        else:
            parts.append(Segments.from_steps(np.asarray(lane), content.labels.background).length)
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _edges(longest: int) -> FloatArray:
    """Bin edges from half a step up, even on a logarithmic scale."""
    edges: FloatArray = np.geomspace(0.5, max(longest, 2) * 1.01, BINS + 1)
    return edges


def _shares(lengths: IntArray, edges: FloatArray) -> list[float]:
    counted = np.histogram(lengths, edges)[0]
    return [float(share) for share in counted / max(len(lengths), 1)]


def _median(lengths: IntArray) -> float | None:
    return float(np.median(lengths)) if len(lengths) else None


def _ticks(edges: FloatArray, unit: float, said: Callable[[float | None], str]) -> list[dict[str, Any]]:
    """Round lengths along the axis, with their place from 0 to 1."""
    span = np.log(edges[-1] / edges[0])
    powers = 10.0 ** np.arange(-4, 8)
    ticks: list[dict[str, Any]] = [
        {"at": float(np.log(value * unit / edges[0]) / span), "text": said(value * unit).replace(".0 ", " ")}
        for value in powers
    ]
    return [tick for tick in ticks if 0.02 <= tick["at"] <= 0.98]
