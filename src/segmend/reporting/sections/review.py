"""Places whose labels a person should look at."""

from __future__ import annotations

from typing import Any

from segmend.artifacts.review import Doubt
from segmend.reporting.content import ReportContent
from segmend.reporting.palette import colours
from segmend.reporting.terms import terms
from segmend.reporting.wording import count, duration

TITLE = "Labels to look at"
SHOWN = 20


def context(content: ReportContent) -> dict[str, Any] | None:
    """The first places of the list; None where there are none."""
    places = content.review.places
    if not places:
        return None
    kinds = {kind: sum(place.kind == kind for place in places) for kind in ("mislabelled", "missing", "shifted")}
    return {
        "rows": [_row(content, number, place) for number, place in enumerate(places[:SHOWN], 1)],
        "kinds": ", ".join(f"{count(number)} {kind}" for kind, number in kinds.items() if number),
        "left_out": count(len(places) - SHOWN) if len(places) > SHOWN else "",
        "recording": terms(content).recording,
        "rare": ", ".join(content.review.rare),
    }


def _row(content: ReportContent, number: int, place: Doubt) -> dict[str, Any]:
    tint = dict(zip(content.labels.names, colours(content.labels), strict=True))
    return {
        "number": number,
        "kind": place.kind,
        "recording": place.recording,
        "where": _where(place, content.sampling_rate_hz),
        "colour": tint.get(place.label),
        "told": place.told,
        "rare": place.rare,
    }


def _where(place: Doubt, rate: float | None) -> str:
    """From where to where: time of signals, rows and columns of images, nothing of a whole."""
    if isinstance(place.start, int) and isinstance(place.stop, int):
        return f"{duration(place.start, rate)} to {duration(place.stop, rate)}"
    if isinstance(place.start, tuple) and isinstance(place.stop, tuple):
        ends = zip(("rows", "columns"), place.start, place.stop, strict=True)
        return ", ".join(f"{axis} {first} to {last}" for axis, first, last in ends)
    return ""
