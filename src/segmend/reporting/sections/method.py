"""How the numbers were computed."""

from __future__ import annotations

from typing import Any

from segmend.reporting.content import IMAGE_RANK, ReportContent
from segmend.reporting.terms import terms
from segmend.reporting.wording import figure

TITLE = "How it was computed"

SIGNALS = (
    "Steps are judged one by one. A segment is a maximal run of one class; a predicted segment is in the right place "
    "when it can be paired, one to one and within its class, with a reference segment at the given intersection over "
    "union (IoU). Counts are of segments, the background left out. Steps that carry no judgement cut a recording and "
    "are left out."
)
IMAGES = (
    "Pixels are judged one by one. An object is what the masks number as one, or else connected pixels of one class; a "
    "predicted object is in the right place when it can be paired, one to one and within its class, with a reference "
    "object at the given intersection over union (IoU). Panoptic quality is the sum of the IoU of pairs above 0.5 over "
    "the mean number of objects of both sides. Counts are of objects, the background left out; pixels that carry no "
    "judgement are left out."
)


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
    if isinstance(task := conventions.pop("task", None), dict):
        conventions = {"task": f"{task.get('labels')} {task.get('kind')} of {_kind(content)}", **conventions}
    rows = [
        (key.replace("_", " "), "undefined" if value is None else figure(value)) for key, value in conventions.items()
    ]
    return {
        "conventions": rows,
        "provenance": list(content.provenance.items()),
        "scored": scored is not None,
        "text": _text(content),
    }


def _kind(content: ReportContent) -> str:
    return "images" if content.imaged else "signals"


def _text(content: ReportContent) -> str:
    """What was judged, in words for the task."""
    words = terms(content)
    overlap = " Where labels may overlap, each label is judged by itself." if content.multilabel else ""
    if content.rank == 0:
        judged = f"Each {words.recording} is judged once, as a whole."
        return f"{judged}{overlap} Average precision is over all thresholds."
    if content.rank == IMAGE_RANK:
        return IMAGES + overlap
    return SIGNALS + overlap
