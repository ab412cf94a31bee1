"""The results side by side: steps, segments and counts, then class by class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmend.artifacts.scores import Scores
from segmend.reporting.content import ReportContent
from segmend.reporting.wording import count, decimal

TITLE = "Results"

Row = tuple[str, str, int | None, str]

ROWS: dict[str, tuple[Row, ...]] = {
    "Counts": (
        ("predicted", "items predicted", None, ""),
        ("reference", "items there are", None, ""),
        ("ratio", "predicted / reference", 2, "one"),
        ("mae", "mean error per recording", 1, "low"),
        ("matched", "in the right place (IoU ≥ 0.5)", None, "high"),
    ),
    "Segments": (
        ("f1@10", "F1 at IoU 0.10", 3, "high"),
        ("f1@25", "F1 at IoU 0.25", 3, "high"),
        ("f1@50", "F1 at IoU 0.50", 3, "high"),
        ("macro_f1@50", "F1 at IoU 0.50, mean over classes", 3, "high"),
        ("edit", "edit score", 3, "high"),
    ),
    "Errors": (
        ("fragmentation", "fragmentations", None, ""),
        ("insertion", "insertions", None, ""),
        ("merge", "merges", None, ""),
        ("deletion", "deletions", None, ""),
        ("substitution", "substitutions", None, ""),
    ),
    "Steps": (
        ("accuracy", "accuracy", 3, "high"),
        ("macro_f1", "F1, mean over classes", 3, "high"),
    ),
}


def context(content: ReportContent) -> dict[str, Any] | None:
    """Rows by level, one cell per result; None without scores."""
    judged = [result for result in content.results if result.scores is not None]
    if not judged:
        return None
    scores = [result.scores for result in judged if result.scores is not None]
    levels = {level: _level(level, rows, scores) for level, rows in ROWS.items()}
    return {
        "heads": [{"name": result.name, "caption": result.caption} for result in judged],
        "levels": {level: rows for level, rows in levels.items() if rows},
        "classes": _classes(content, scores),
    }


def _level(level: str, rows: tuple[Row, ...], scores: list[Scores]) -> list[dict[str, Any]]:
    parts = [_part(score, level) for score in scores]
    shown = []
    for key, name, digits, better in rows:
        values = [part.get(key) for part in parts]
        if any(value is not None for value in values):
            cells = [count(value) if digits is None else decimal(value, digits) for value in values]
            shown.append({"name": name, "cells": cells, "best": _best(values, better)})
    return shown


def _part(score: Scores, level: str) -> Mapping[str, Any]:
    if level == "Steps":
        return score.step
    if level == "Counts":
        return score.count or {}
    segment = score.segment or {}
    return segment.get("errors", {}) if level == "Errors" else segment


def _best(values: list[float | None], better: str) -> int | None:
    """Column of the best value where several results differ."""
    known = {k: value for k, value in enumerate(values) if value is not None and value == value}
    if not better or len(known) < 2 or len(set(known.values())) < 2:
        return None
    if better == "one":
        return min(known, key=lambda k: abs(known[k] - 1))
    return min(known, key=lambda k: known[k] if better == "low" else -known[k])


def _classes(content: ReportContent, scores: list[Scores]) -> list[dict[str, Any]]:
    """Counts and F1@50 of each class, per result."""
    rows = []
    for k in content.labels.foreground:
        name = content.labels.names[k]
        counts = [((score.count or {}).get("per_class") or {}).get(name) or {} for score in scores]
        segments = [((score.segment or {}).get("per_class") or {}).get(name) or {} for score in scores]
        if not any(counts):
            continue
        cells = [
            {"predicted": count(number.get("predicted")), "f1": decimal(segment.get("f1@50"))}
            for number, segment in zip(counts, segments, strict=True)
        ]
        rows.append({"number": k, "name": name, "reference": count(counts[0].get("reference")), "cells": cells})
    return rows
