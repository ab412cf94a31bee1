"""One self-contained HTML page."""

from __future__ import annotations

from typing import Any

__all__ = ["ReportContent", "Result", "render"]

_HOMES = {
    "ReportContent": "segmend.reporting.content",
    "Result": "segmend.reporting.content",
    "render": "segmend.reporting.reporter",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'segmend.reporting' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
