"""Which recordings a page shows first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmend.reporting.content import ReportContent, Result


def worst_first(content: ReportContent) -> list[int]:
    """Recordings by segment F1@50 of the first result, the lowest first, then by how far the count is off."""
    rows = by_recording(content.results[0])

    def badness(k: int) -> tuple[float, float, int]:
        row = rows.get(content.names[k], {})
        f1, predicted, reference = (row.get(key) for key in ("segment_f1@50", "predicted", "reference"))
        off = abs((predicted or 0) - (reference or 0))
        return (1.0 if f1 is None or f1 != f1 else f1, -off, k)

    return sorted(range(len(content.names)), key=badness)


def by_recording(result: Result) -> Mapping[str, Mapping[str, Any]]:
    """Scores of each recording by its name; empty where no reference is known."""
    return {} if result.scores is None else result.scores.by_recording


def handful(content: ReportContent, each: int = 2) -> list[tuple[int, str]]:
    """The worst recordings, those in the middle and the best, ``each`` of them, with that word; all where they are few.

    Without scores there is no order: the first ones, without a word.
    """
    order = worst_first(content)
    if not by_recording(content.results[0]):
        return [(k, "") for k in sorted(order)[: 3 * each]]
    if len(order) <= 3 * each:
        return [(k, "") for k in order]
    middle = (len(order) - each) // 2
    parts = (("worst", order[:each]), ("median", order[middle : middle + each]), ("best", order[-each:]))
    return [(k, word) for word, members in parts for k in members]
