"""A zoomable timeline per recording: lanes, probabilities and signal on one time axis, the worst recordings first."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.types import FloatArray, IntArray
from segmend.reporting.content import ReportContent
from segmend.reporting.envelope import envelope, width_for
from segmend.reporting.order import by_recording, worst_first
from segmend.reporting.packing import packed_runs, quantised, script_json
from segmend.reporting.palette import colours, ink
from segmend.reporting.wording import count, duration

TITLE = "Timelines"

SHOWN = 40
LISTED = 10
CHANNELS = 8
BUDGET = 3_600_000
"""Bytes of text that all timelines of a page may take together."""
MOST = 1_200_000
"""Bytes of text for one recording."""
LABELS = 24
"""Labels that overlap, of which one recording shows lanes: those that take the most steps."""
NOTHING = -2
"""What a lane of one label holds where the label is not."""
LANE_SHARE = 0.3
RUN_BYTES = 8
TEXT_PER_BYTE = 4 / 3


def context(content: ReportContent) -> dict[str, Any] | None:
    """Rows for the page and the packed data; None without results or without labels of steps."""
    if content.rank != 1 or not content.results or not content.names:
        return None
    order = worst_first(content)
    shown = order[:SHOWN]
    budget = min(MOST, BUDGET / len(shown))
    recordings = [_recording(content, k, budget) for k in shown]
    tint = colours(content.labels)
    data = {
        "recordings": recordings,
        "labels": content.labels.names,
        "background": content.labels.background,
        "colours": tint,
        "inks": [ink(colour) for colour in tint],
        "timed": content.sampling_rate_hz or 0,
    }
    widest = max((recording["spacing"] for recording in recordings), default=1.0)
    channels = max((len(recording["channels"]) for recording in recordings), default=0)
    return {
        "rows": [_row(content, k) for k in shown],
        "legend": [{"name": name, "colour": tint[k]} for k, name in enumerate(content.labels.names)],
        "data": script_json(data),
        "multilabel": content.multilabel,
        "hidden_labels": content.multilabel and len(content.labels.foreground) > LABELS,
        "most_labels": LABELS,
        "thinned": widest > 1,
        "coarsest": duration(2 * widest, content.sampling_rate_hz),
        "left_out": len(order) - len(shown),
        "shown": len(shown),
        "listed": LISTED,
        "channels": channels,
        "hidden_channels": max(0, _channels(content) - channels) if channels else 0,
    }


def _channels(content: ReportContent) -> int:
    return max((signal.shape[1] for signal in content.signals or () if signal is not None), default=0)


def _row(content: ReportContent, k: int) -> dict[str, str]:
    name = content.names[k]
    said = []
    first = by_recording(content.results[0]).get(name, {})
    if first.get("reference") is not None:
        said.append(f"{count(first['reference'])} items")
    for result in content.results:
        row = by_recording(result).get(name, {})
        if row.get("predicted") is not None:
            said.append(f"{result.name} {count(row['predicted'])}")
    return {"name": name, "length": duration(content.steps[k], content.sampling_rate_hz), "counts": " · ".join(said)}


def _recording(content: ReportContent, k: int, budget: float) -> dict[str, Any]:
    """One recording's part of the data, in at most about ``budget`` bytes of text."""
    steps = content.steps[k]
    signal = content.signals[k] if content.signals is not None else None
    signal = None if signal is None else signal[:, :CHANNELS]
    probabilities = [(result.name, result.y_prob[k]) for result in content.results if result.y_prob is not None]
    lanes = _lanes(content, k, budget)
    left = budget - sum(len(lane["starts"]) + len(lane["labels"]) for lane in lanes)
    per_point = (0 if signal is None else 2 * signal.shape[1]) + sum(rows.shape[1] for _, rows in probabilities)
    width = width_for(steps, max(200, int(left / TEXT_PER_BYTE / max(per_point, 1))))
    spacing = 1.0 if width == 1 else width / 2
    return {
        "steps": steps,
        "rate": content.sampling_rate_hz or 1,
        "points": steps if width == 1 else 2 * -(-steps // width),
        "spacing": spacing,
        "lanes": lanes,
        "probabilities": [
            {"name": f"probability, {name}", "series": _columns(envelope(rows, width))} for name, rows in probabilities
        ],
        "channels": [] if signal is None else _signal(content, envelope(signal, width)),
    }


def _lanes(content: ReportContent, k: int, budget: float) -> list[dict[str, Any]]:
    """Runs of the reference and of each result; where labels overlap, a lane of each for every label."""
    sides = [] if content.y_true is None else [("reference", content.y_true[k])]
    sides += [(result.name, result.y_pred[k]) for result in content.results]
    if content.multilabel:
        return _label_lanes(content, sides, budget)
    limit = int(budget * LANE_SHARE / len(sides) / RUN_BYTES)
    packed = []
    for name, steps in sides:
        lane = packed_runs(np.asarray(steps), limit)
        packed.append({"name": name if lane["exact"] else f"{name} (thinned)", "short": name, **lane})
    return packed


def _label_lanes(content: ReportContent, sides: list[tuple[str, IntArray]], budget: float) -> list[dict[str, Any]]:
    """Per label, the reference above the predictions; labels that neither has in this recording are left out."""
    rows = [np.asarray(steps) for _, steps in sides]
    busy = np.sum([(row > 0).sum(axis=0) for row in rows], axis=0)
    chosen = sorted(np.argsort(-busy, kind="stable")[:LABELS].tolist())
    chosen = [label for label in chosen if busy[label] and label in content.labels.foreground]
    limit = int(budget * LANE_SHARE / max(1, len(sides) * len(chosen)) / RUN_BYTES)
    names = " / ".join(name for name, _ in sides)
    packed = []
    for label in chosen:
        for number, ((name, _), row) in enumerate(zip(sides, rows, strict=True)):
            column = row[:, label]
            lane = packed_runs(np.where(column > 0, label, np.where(column < 0, IGNORE, NOTHING)), limit)
            head = f"{content.labels.names[label]}: {names}" + ("" if lane["exact"] else " (thinned)")
            packed.append({"name": "" if number else head, "short": name, "label": label, **lane})
    return packed


def _columns(points: FloatArray) -> list[str]:
    return [quantised(points[:, column], 0.0, 1.0, "u1") for column in range(points.shape[1])]


def _signal(content: ReportContent, points: FloatArray) -> list[dict[str, Any]]:
    shown = []
    for column in range(points.shape[1]):
        values = points[:, column]
        finite = values[np.isfinite(values)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        name = content.channels[column] if column < len(content.channels) else f"channel {column}"
        shown.append({"name": name, "low": low, "high": high, "data": quantised(values, low, high, "u2")})
    return shown
