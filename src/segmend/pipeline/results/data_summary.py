"""A data set in figures: for ``segmend audit`` on a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint, Quantiles, RecordingFacts


def summary(facts: Fingerprint) -> dict[str, Any]:
    """The figures as ``segmend audit --json`` prints them under "data".

    ``share`` is the class's share of the labelled steps of all recordings, and of each part of the split; segment
    lengths are in steps, of the recordings named by ``measured_on``.
    """
    parts = _parts(facts)
    return {
        "recordings": len(facts.recordings),
        "groups": len({recording.group for recording in facts.recordings}),
        "channels": len(facts.channels),
        "sampling_rate_hz": facts.sampling_rate_hz,
        "steps": _steps(facts.recordings),
        "seconds": _steps(facts.recordings) / facts.sampling_rate_hz if facts.sampling_rate_hz else None,
        "segments": sum(recording.segments or 0 for recording in facts.recordings),
        "measured_on": facts.measured_on,
        "split": {
            part: {"recordings": len(members), "steps": _steps(members)} for part, members in parts.items() if part
        },
        "classes": [_class(facts, number, parts) for number in range(len(facts.labels))],
    }


def overview(facts: Fingerprint) -> Iterator[str]:
    """The size of the data set, in a sentence or two."""
    figures = summary(facts)
    seconds = figures["seconds"]
    span = f" ({duration(seconds)} at {facts.sampling_rate_hz:g} steps per second)" if seconds is not None else ""
    yield (
        f"{_counted(figures['recordings'], 'recording')} of {_counted(figures['groups'], 'group')}, "
        f"{_counted(figures['steps'], 'step')}{span}, {_counted(figures['channels'], 'channel')}, "
        f"{_counted(figures['segments'], 'segment')}"
    )
    if figures["split"]:
        told = [f"{part} {each['recordings']}" for part, each in figures["split"].items()]
        yield f"split: {', '.join(told)} recordings; lengths are measured on {facts.measured_on}"


def table(facts: Fingerprint) -> str:
    """Steps, segments and lengths of each class, and its share of the time in each part of the split."""
    parts = [part for part in _parts(facts) if part]
    head = ["class", "steps", "segments", "length p5", "median", "p95", *(f"share {part}" for part in parts or ("",))]
    rows = [[cell.strip() for cell in head]]
    for each in summary(facts)["classes"]:
        length = each["length"] or {}
        shares = [each["share"][part] for part in parts] if parts else [each["share"]["all"]]
        rows.append(
            [
                each["name"],
                f"{each['steps']:,}",
                "" if each["segments"] is None else f"{each['segments']:,}",
                *(_figure(length.get(key)) for key in ("p5", "p50", "p95")),
                *("" if share is None else f"{100 * share:.1f} %" for share in shares),
            ]
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def duration(seconds: float) -> str:
    """Seconds for people.

    >>> duration(7.25), duration(1456), duration(9000)
    ('7.2 s', '24 min 16 s', '2 h 30 min')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _class(facts: Fingerprint, number: int, parts: dict[str, list[RecordingFacts]]) -> dict[str, Any]:
    name = facts.labels[number]
    measured = next((each for each in facts.classes if each.name == name), None)
    background = number == facts.background
    return {
        "name": name,
        "background": background,
        "steps": sum(recording.class_steps[number] for recording in facts.recordings if recording.class_steps),
        "segments": None
        if background
        else sum(recording.class_segments[number] for recording in facts.recordings if recording.class_segments),
        "length": None if measured is None else _lengths(measured.duration),
        "touching": None if measured is None else measured.touching,
        "share": {part or "all": _share(members, number) for part, members in parts.items()},
    }


def _parts(facts: Fingerprint) -> dict[str, list[RecordingFacts]]:
    """Recordings by part of the split, in the order in which parts appear; all of them under ""."""
    parts: dict[str, list[RecordingFacts]] = {"": list(facts.recordings)}
    order = {"train": 0, "val": 1}
    roles = {role for recording in facts.recordings for role in (recording.role, *recording.also_in) if role}
    for role in sorted(roles, key=lambda each: (order.get(each, 2), each)):
        parts[role] = [each for each in facts.recordings if role in (each.role, *each.also_in)]
    return parts


def _share(recordings: list[RecordingFacts], number: int) -> float | None:
    whole = sum(sum(recording.class_steps) for recording in recordings)
    mine = sum(recording.class_steps[number] for recording in recordings if recording.class_steps)
    return mine / whole if whole else None


def _steps(recordings: tuple[RecordingFacts, ...] | list[RecordingFacts]) -> int:
    return sum(recording.steps for recording in recordings)


def _lengths(found: Quantiles) -> dict[str, float | None]:
    return {key: getattr(found, key) for key in ("p5", "p50", "p95", "max")}


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"
