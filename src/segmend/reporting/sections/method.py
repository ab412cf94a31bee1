"""How the numbers were computed."""

from __future__ import annotations

from typing import Any

from segmend.reporting.content import ReportContent
from segmend.reporting.wording import figure

TITLE = "How it was computed"


def context(content: ReportContent) -> dict[str, Any] | None:
    """Conventions of the scores and the provenance of the page; None with neither."""
    scored = next((result.scores for result in content.results if result.scores is not None), None)
    if scored is None and not content.provenance:
        return None
    conventions = dict(scored.conventions) if scored is not None else {}
    background = conventions.get("background")
    if isinstance(background, int) and 0 <= background < len(content.labels):
        conventions["background"] = content.labels.names[background]
    elif "background" in conventions and background is None:
        conventions["background"] = "none"
    rows = [
        (key.replace("_", " "), "undefined" if value is None else figure(value)) for key, value in conventions.items()
    ]
    return {"conventions": rows, "provenance": list(content.provenance.items()), "scored": scored is not None}
