"""The oracle ladder: the score if one kind of error were gone."""

from __future__ import annotations

from typing import Any

from segmend.artifacts.finding import OracleRung
from segmend.reporting.content import ReportContent
from segmend.reporting.terms import terms
from segmend.reporting.wording import decimal

TITLE = "What repair could bring"

MEANING = {
    "fragmentation": "pieces of one item joined",
    "merge": "items that run together cut apart",
    "insertion": "items that are not there removed",
    "deletion": "missed items added",
    "substitution": "items of the wrong class relabelled",
    "borders": "starts and ends put right",
}


def context(content: ReportContent) -> dict[str, Any] | None:
    """The rungs for all classes together, and per class where a class gains; None without a ladder or without items."""
    rungs = content.diagnosis.oracle if content.diagnosis is not None and content.rank else ()
    baseline = next((rung for rung in rungs if rung.if_fixed is None), None)
    if baseline is None:
        return None
    together = [rung for rung in rungs if rung.if_fixed is not None and rung.label is None]
    gaining = [rung for rung in rungs if rung.label is not None and _gain(rung, baseline) >= 0.005]
    gaining.sort(key=lambda rung: -_gain(rung, baseline))
    return {
        "items": f"{terms(content).item}s",
        "baseline": _rung(baseline, baseline),
        "rungs": [_rung(rung, baseline) for rung in sorted(together, key=lambda rung: -_gain(rung, baseline))],
        "by_class": [_rung(rung, baseline) for rung in gaining[:12]],
    }


def _gain(rung: OracleRung, baseline: OracleRung) -> float:
    return (rung.segment_f1_50 or 0.0) - (baseline.segment_f1_50 or 0.0)


def _rung(rung: OracleRung, baseline: OracleRung) -> dict[str, Any]:
    kind = rung.if_fixed or "as predicted"
    return {
        "kind": kind,
        "label": rung.label,
        "meaning": MEANING.get(kind, ""),
        "score": rung.segment_f1_50 or 0.0,
        "from": baseline.segment_f1_50 or 0.0,
        "f1": decimal(rung.segment_f1_50),
        "gain": f"{_gain(rung, baseline):+.2f}",
        "mae": decimal(rung.count_mae, 1),
        "ratio": decimal(rung.count_ratio),
    }
