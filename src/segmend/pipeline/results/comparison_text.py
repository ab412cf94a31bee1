"""A comparison of two predictions for people: one row per score."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from segmend.artifacts.uncertainty import ComparisonRecord
from segmend.core.task import Task
from segmend.core.words import aligned

HEADS = ("score", "first", "second", "difference", "interval", "excludes 0")
TRUTH = ("reference", "mae_of_mean")
"""Counts of the reference alone, which no prediction changes."""

FRACTIONS = ("kappa", "matthews", "expected_cost", "ece", "classwise_ece", "brier", "log_loss")
"""Scores that no preset turns into per cent."""


def as_text(comparison: ComparisonRecord, *, every: bool = False) -> str:
    """What was resampled, and a table.

    Args:
        comparison: what to show.
        every: each class and kind of error too, not only the main scores.
    """
    rows = [HEADS, *_rows(comparison, every=every)]
    return "\n".join([heading(comparison), "", aligned(rows)])


def heading(comparison: ComparisonRecord) -> str:
    """What the intervals are, in one sentence."""
    few = comparison.ranking_draws
    ranking = f" ({few:,} for ranking scores)" if few is not None and few < comparison.draws else ""
    many = comparison.recordings
    return (
        f"second minus first on {many} recording{'s' * (many != 1)}; {100 * comparison.level:g} % intervals, "
        f"{comparison.draws:,} draws of {comparison.unit}{ranking}; preset {comparison.conventions['preset']}"
    )


def _rows(comparison: ComparisonRecord, *, every: bool) -> Iterator[tuple[str, ...]]:
    task = Task(**comparison.conventions["task"])
    words = {"step": task.unit[:-1], "segment": task.item[:-1], "count": "count"}
    for level, word in words.items():
        for path, leaf in _leaves(comparison[level] or {}):
            if (every or len(path) == 1 or _is_main(path, task)) and path[-1] not in TRUTH:
                row = _cells(leaf, _digits(level, path[-1], comparison.conventions["unit"]))
                if row is not None:
                    yield (" ".join([word, *path]).replace("_", " "), *row)


def _is_main(path: tuple[str, ...], task: Task) -> bool:
    """Whether a score below another one is among the main scores of the task."""
    if task.kind == "classification":
        return path == ("macro", "average_precision")
    return len(path) == 2 and path[0] == "panoptic"


def _digits(level: str, name: str, unit: str) -> int:
    if level == "count":
        return 2
    return 1 if unit == "per cent" and name not in FRACTIONS else 3


def _leaves(content: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in content.items():
        if "interval" in value and isinstance(value["interval"], list):
            yield (*above, key), value
        else:
            yield from _leaves(value, (*above, key))


def _cells(leaf: Mapping[str, Any], digits: int) -> tuple[str, ...] | None:
    """The figures of a score, None where neither prediction has one."""
    if math.isnan(leaf["first"]) and math.isnan(leaf["second"]):
        return None
    low, high = (_figure(end, digits, "+") for end in leaf["interval"])
    return (
        _figure(leaf["first"], digits),
        _figure(leaf["second"], digits),
        _figure(leaf["difference"], digits, "+"),
        f"{low} to {high}",
        "yes" if leaf["excludes_zero"] else "no",
    )


def _figure(value: float, digits: int, sign: str = "") -> str:
    return "-" if math.isnan(value) else f"{value:{sign}.{digits}f}"
