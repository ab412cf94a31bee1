"""The oracle ladder: the score if one kind of error were gone."""

from __future__ import annotations

from typing import Any

from segmend.artifacts.finding import OracleRung
from segmend.reporting.content import ReportContent
from segmend.reporting.terms import Terms, terms
from segmend.reporting.wording import decimal

TITLE = "What repair could bring"

MEANING = {
    "fragmentation": "pieces of one {item} joined",
    "merge": "{item}s that run together cut apart",
    "insertion": "{item}s that are not there removed",
    "deletion": "missed {item}s added",
    "substitution": "{item}s of the wrong class relabelled",
    "borders": "{borders} put right",
}


def context(content: ReportContent) -> dict[str, Any] | None:
    """The rungs for all classes together, and per class where a class gains; None without a ladder or without items."""
    ladder = content.diagnosis.oracle if content.diagnosis is not None and content.rank else ()
    baseline = next((rung for rung in ladder if rung.if_fixed is None), None)
    if baseline is None:
        return None
    together = [rung for rung in ladder if rung.if_fixed is not None and rung.label is None]
    gaining = [rung for rung in ladder if rung.label is not None and _gain(rung, baseline) >= 0.005]
    for rungs in (together, gaining):
        rungs.sort(key=lambda rung: -_gain(rung, baseline))
    words = terms(content)
    return {
        "counted": f"{words.item}s",
        "piece": "object" if content.rank > 1 else "segment",
        "baseline": _rung(baseline, baseline, words),
        "rungs": [_rung(rung, baseline, words) for rung in together],
        "by_class": [_rung(rung, baseline, words) for rung in gaining[:12]],
    }


def _gain(rung: OracleRung, baseline: OracleRung) -> float:
    return (rung.segment_f1_50 or 0.0) - (baseline.segment_f1_50 or 0.0)


def _rung(rung: OracleRung, baseline: OracleRung, words: Terms) -> dict[str, Any]:
    kind = rung.if_fixed or "as predicted"
    borders = "outlines" if words.unit == "pixel" else "starts and ends"
    return {
        "kind": kind,
        "label": rung.label,
        "meaning": MEANING.get(kind, "").format(item=words.item, borders=borders),
        "score": rung.segment_f1_50 or 0.0,
        "from": baseline.segment_f1_50 or 0.0,
        "f1": decimal(rung.segment_f1_50),
        "gain": f"{_gain(rung, baseline):+.2f}",
        "mae": decimal(rung.count_mae, 1),
        "ratio": decimal(rung.count_ratio),
    }
