"""The results side by side: counts, segments or objects, steps, pixels or whole recordings, then class by class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from segmend.artifacts.scores import Scores
from segmend.reporting.content import IMAGE_RANK, ReportContent
from segmend.reporting.terms import Terms, terms
from segmend.reporting.units import belongs, flat
from segmend.reporting.wording import count, decimal

TITLE = "Results"

Row = tuple[str, str, int | None, str]
"""Key of the score, its name, digits (None for whole numbers), and which values are better."""

COUNTS: tuple[Row, ...] = (
    ("predicted", "{item}s predicted", None, ""),
    ("reference", "{item}s there are", None, ""),
    ("ratio", "predicted / reference", 2, "one"),
    ("mae", "mean error per {recording}", 1, "low"),
    ("matched", "in the right place (IoU ≥ 0.5)", None, "high"),
)
SEGMENTS: tuple[Row, ...] = (
    ("f1@10", "F1 at IoU 0.10", 3, "high"),
    ("f1@25", "F1 at IoU 0.25", 3, "high"),
    ("f1@50", "F1 at IoU 0.50", 3, "high"),
    ("macro_f1@50", "F1 at IoU 0.50, mean over classes", 3, "high"),
    ("edit", "edit score", 3, "high"),
    ("panoptic.pq", "panoptic quality", 3, "high"),
    ("panoptic.sq", "mean IoU of the pairs", 3, "high"),
)
ERRORS: tuple[Row, ...] = (
    ("errors.fragmentation", "fragmentations", None, ""),
    ("errors.insertion", "insertions", None, ""),
    ("errors.merge", "merges", None, ""),
    ("errors.deletion", "deletions", None, ""),
    ("errors.substitution", "substitutions", None, ""),
)
STEPS: tuple[Row, ...] = (
    ("accuracy", "accuracy", 3, "high"),
    ("subset_accuracy", "all labels right", 3, "high"),
    ("hamming_accuracy", "labels right, one by one", 3, "high"),
    ("macro_f1", "F1, mean over classes", 3, "high"),
)
WHOLE: tuple[Row, ...] = (
    *STEPS,
    ("balanced_accuracy", "recall, mean over classes", 3, "high"),
    ("macro.average_precision", "average precision, mean over classes", 3, "high"),
    ("calibration.ece", "calibration error of probabilities", 3, "low"),
)


def context(content: ReportContent) -> dict[str, Any] | None:
    """Rows by level, one cell per result; None without scores."""
    judged = [result for result in content.results if result.scores is not None]
    if not judged:
        return None
    scores = [result.scores for result in judged if result.scores is not None]
    levels = _levels(content, scores)
    return {
        "heads": [{"name": result.name, "caption": result.caption} for result in judged],
        "levels": {level: rows for level, rows in levels.items() if rows},
        "classes": _classes(content, scores) if content.rank else _whole_classes(content, scores),
        "item": terms(content).item,
        "whole": content.rank == 0,
    }


def _levels(content: ReportContent, scores: list[Scores]) -> dict[str, list[dict[str, Any]]]:
    words = terms(content)
    imaged = content.rank == IMAGE_RANK
    steps = [score.step for score in scores]
    if content.rank == 0:
        return {f"{words.recording.capitalize()}s": _level(words, WHOLE, steps)}
    segments = [score.segment or {} for score in scores]
    rows = tuple(row for row in SEGMENTS if imaged or not row[0].startswith("panoptic"))
    return {
        "Counts": _level(words, COUNTS, [score.count or {} for score in scores]),
        "Objects" if imaged else "Segments": _level(words, rows, segments),
        "Errors": _level(words, ERRORS, segments),
        f"{words.unit.capitalize()}s": _level(words, STEPS, steps),
    }


def _level(words: Terms, rows: tuple[Row, ...], parts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    shown = []
    for key, name, digits, better in rows:
        values = [_value(part, key) for part in parts]
        if any(value is not None for value in values):
            cells = [count(value) if digits is None else decimal(value, digits) for value in values]
            said = name.format(item=words.item, recording=words.recording)
            shown.append({"name": said, "cells": cells, "best": _best(values, better)})
    return shown


def _value(part: Mapping[str, Any], key: str) -> float | None:
    """The value at a dotted key; None where there is none or it is undefined."""
    *homes, last = key.split(".")
    for home in homes:
        part = part.get(home) or {}
    value: float | None = part.get(last)
    return None if value is None or value != value else value


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


def _whole_classes(content: ReportContent, scores: list[Scores]) -> list[dict[str, Any]]:
    """Recordings of each class, F1 and average precision, per result."""
    if content.y_true is None or (content.multilabel and len(scores) == 1):  # the labels have a section of their own
        return []
    true = flat(content.y_true, 0)
    rows = []
    for k in content.labels.foreground:
        name = content.labels.names[k]
        facts = [(score.step.get("per_class") or {}).get(name) or {} for score in scores]
        if not any(facts):
            continue
        positive, _ = belongs(true, k)
        cells = [{"f1": decimal(fact.get("f1")), "ap": decimal(fact.get("average_precision"))} for fact in facts]
        rows.append({"number": k, "name": name, "reference": count(int(positive.sum())), "cells": cells})
    return rows
