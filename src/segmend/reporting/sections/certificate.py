"""The proof of a mend."""

from __future__ import annotations

from typing import Any

from segmend.artifacts.trial import Interval, Outcome, Untried
from segmend.reporting.content import ReportContent
from segmend.reporting.wording import decimal, figure, percent

TITLE = "Certificate"

READINGS = (
    ("objective", "objective", 3),
    ("segment_f1@50", "segment F1 at IoU 0.50", 3),
    ("panoptic_quality", "panoptic quality", 3),
    ("macro_f1", "macro F1", 3),
    ("balanced_accuracy", "balanced accuracy", 3),
    ("step_accuracy", "accuracy", 3),
    ("count_mae", "count MAE per recording", 1),
    ("count_ratio", "predicted / reference", 2),
)


def context(content: ReportContent) -> dict[str, Any] | None:
    """Verdict, what was kept, what was tried; None where nothing was mended."""
    certificate = content.certificate
    if certificate is None:
        return None
    chosen = certificate.outcome
    return {
        "verdict": certificate.verdict,
        "objective": certificate.objective,
        "chosen": certificate.chosen,
        "judged_on": certificate.judged_on,
        "change": None if chosen is None else _interval(chosen.change),
        "unit": "" if chosen is None or chosen.change is None else chosen.change.unit,
        "rows": [] if chosen is None else _rows(chosen),
        "tried": [_tried(outcome) for outcome in certificate.tried],
        "untried": [_untried(each) for each in certificate.untried],
        "control": [(key.replace("_", " "), figure(value)) for key, value in certificate.control.items()],
        "mean_count_mae": decimal(certificate.mean_count_mae, 1) if certificate.mean_count_mae is not None else None,
        "note": certificate.note,
    }


def _rows(outcome: Outcome) -> list[tuple[str, str, str]]:
    return [
        (name, decimal(outcome.before.get(key), digits), decimal(outcome.after.get(key), digits))
        for key, name, digits in READINGS
        if key in outcome.before or key in outcome.after
    ]


def _interval(change: Interval | None) -> str | None:
    if change is None or change.difference is None:
        return None
    said = f"{change.difference:+.3f}"
    if change.low is not None and change.high is not None:
        said += f" ({percent(change.level)} interval {change.low:+.3f} to {change.high:+.3f})"
    return said


def _tried(outcome: Outcome) -> dict[str, str | None]:
    return {
        "name": outcome.trial.name,
        "because": ", ".join(outcome.trial.because),
        "inner": decimal(outcome.inner, 3),
        "after": decimal(outcome.after.get("objective"), 3),
        "change": _interval(outcome.change),
        "seconds": decimal(outcome.seconds, 1),
        "failed": outcome.failed,
    }


def _untried(left: Untried) -> dict[str, str]:
    because = ", ".join(left.trial.because)
    if left.why == "time":
        return {"name": left.trial.name, "because": because, "told": "not tried: no time was left"}
    most = decimal(left.gain, 3)
    return {"name": left.trial.name, "because": because, "told": f"not tried: at most +{most} for {left.seconds:.0f} s"}
