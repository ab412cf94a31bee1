"""What the data are: recordings, classes, lengths."""

from __future__ import annotations

from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.reporting.content import ReportContent
from segmend.reporting.wording import count, duration, figure, percent

TITLE = "Data"


def context(content: ReportContent) -> dict[str, Any] | None:
    """Facts and one row per class; None without a fingerprint."""
    facts = content.fingerprint
    if facts is None:
        return None
    rate = facts.sampling_rate_hz
    number = {name: k for k, name in enumerate(content.labels.names)}
    classes = [
        {
            "number": number.get(row.name),
            "name": row.name,
            "segments": count(row.segments),
            "recordings": count(row.recordings),
            "steps": percent(row.step_share, 1),
            "median": duration(row.duration.p50, rate),
            "range": f"{duration(row.duration.p5, rate)} to {duration(row.duration.p95, rate)}",
        }
        for row in facts.classes
    ]
    return {"facts": _facts(facts), "classes": classes, "measured_on": facts.measured_on}


def _facts(facts: Fingerprint) -> list[tuple[str, str]]:
    rate = facts.sampling_rate_hz
    roles: dict[str, int] = {}
    for recording in facts.recordings:
        role = recording.role or "no role"
        roles[role] = roles.get(role, 0) + 1
    split = ", ".join(f"{role} {number}" for role, number in roles.items()) if set(roles) != {"no role"} else ""
    channels = ", ".join(channel.name for channel in facts.channels[:12]) + (" …" if len(facts.channels) > 12 else "")
    rows = [
        ("recordings", count(len(facts.recordings))),
        ("split", split),
        ("groups", count(len({recording.group for recording in facts.recordings}))),
        ("length", f"{count(facts.steps)} steps" + (f", {duration(facts.steps, rate)}" if rate else "")),
        ("sampling rate", f"{figure(rate)} Hz" if rate else ""),
        ("channels", channels),
        ("segments", count(facts.segments)),
        (
            "background",
            percent(facts.background_share, 1) if facts.background is not None else "none: every step has a class",
        ),
        ("length of a segment", f"median {duration(facts.duration.p50, rate)}"),
    ]
    return [(name, text) for name, text in rows if text]
