"""The plan: every choice with its reason."""

from __future__ import annotations

from typing import Any

from segmend.reporting.content import ReportContent

TITLE = "Plan"


def context(content: ReportContent) -> dict[str, Any] | None:
    """Choices by section; None where nothing was planned."""
    if content.plan is None:
        return None
    sections = {
        section: [
            {"key": key, "value": _value(choice.value), "because": choice.because, "source": choice.source}
            for key, choice in choices.items()
        ]
        for section, choices in content.plan.choices.items()
    }
    return {"sections": {section: rows for section, rows in sections.items() if rows}}


def _value(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key} {_value(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(_value(item) for item in value) if value and isinstance(value[0], dict) else str(list(value))
    return f"{value:g}" if isinstance(value, float) else str(value)
