"""What the data are: recordings, classes, lengths."""

from __future__ import annotations

from functools import partial
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.reporting.content import IMAGE_RANK, ReportContent
from segmend.reporting.terms import Terms, terms
from segmend.reporting.wording import area, count, duration, figure, percent

TITLE = "Data"


def context(content: ReportContent) -> dict[str, Any] | None:
    """Facts and one row per class; None without a fingerprint."""
    facts = content.fingerprint
    if facts is None:
        return None
    words, whole = terms(content), content.rank == 0
    said = area if content.rank == IMAGE_RANK else partial(duration, rate=facts.sampling_rate_hz)
    number = {name: k for k, name in enumerate(content.labels.names)}
    classes = [
        {
            "number": number.get(row.name),
            "name": row.name,
            "segments": count(row.segments),
            "recordings": count(row.recordings),
            "steps": percent(row.step_share, 1),
            "median": said(row.duration.p50),
            "range": f"{said(row.duration.p5)} to {said(row.duration.p95)}",
        }
        for row in facts.classes
    ]
    return {
        "facts": _facts(facts, words, whole=whole),
        "classes": classes,
        "measured_on": facts.measured_on,
        "whole": whole,
        "recording": words.recording,
        "item": "object" if words.item == "object" else "segment",
        "unit": words.unit,
        "span": "diameter" if words.recording == "image" else "length",
    }


def _facts(facts: Fingerprint, words: Terms, *, whole: bool) -> list[tuple[str, str]]:
    rate = facts.sampling_rate_hz
    roles: dict[str, int] = {}
    for recording in facts.recordings:
        role = recording.role or "no role"
        roles[role] = roles.get(role, 0) + 1
    split = ", ".join(f"{role} {number}" for role, number in roles.items()) if set(roles) != {"no role"} else ""
    channels = ", ".join(channel.name for channel in facts.channels[:12]) + (" …" if len(facts.channels) > 12 else "")
    imaged = words.recording == "image"
    steps = sum(recording.steps for recording in facts.recordings) if whole else facts.steps
    extent = f"{count(steps)} {'pixel' if imaged else 'step'}s"
    extent += f", {duration(steps, rate)}" if rate and not imaged else ""
    background = facts.background is not None
    rows = [
        (f"{words.recording}s", count(len(facts.recordings))),
        ("split", split),
        ("groups", count(len({recording.group for recording in facts.recordings}))),
        ("size" if imaged else "length", extent),
        ("sampling rate", f"{figure(rate)} Hz" if rate else ""),
        ("channels", channels),
    ]
    if not whole:
        median = area(facts.duration.p50) if imaged else duration(facts.duration.p50, rate)
        rows += [
            ("objects" if imaged else "segments", count(facts.segments)),
            ("background", percent(facts.background_share, 1) if background else _none(facts, words)),
            ("diameter of an object" if imaged else "length of a segment", f"median {median}"),
        ]
    return [(name, text) for name, text in rows if text]


def _none(facts: Fingerprint, words: Terms) -> str:
    multilabel = facts.task.get("labels") == "multilabel"
    return "none: labels may overlap" if multilabel else f"none: every {words.unit} has a class"
