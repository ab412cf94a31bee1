"""A data set in figures: as JSON."""

from __future__ import annotations

from typing import Any

from segmend.artifacts.fingerprint import Fingerprint, Quantiles, RecordingFacts
from segmend.pipeline.results.data_words import words_of


def summary(facts: Fingerprint) -> dict[str, Any]:
    """The figures as ``segmend audit --json`` prints them under "data".

    ``share`` is the class's share of what is labelled in all recordings, and in each part of the split: steps, pixels,
    or whole recordings. Where labels overlap, shares are of all that is judged, and may sum to more or less than 1.
    Lengths of segments are in steps, of objects diameters in pixels; they, transitions, co-occurrence, effective
    segments and the separability floor are of the recordings named by ``measured_on``.
    """
    words = words_of(facts)
    return {
        **totals(facts),
        "classes": classes(facts),
        "words": {"recording": words.recording, "item": words.item, "unit": words.unit},
        "extent": [side.to_dict() for side in facts.extent],
        "noise": {channel.name: channel.noise for channel in facts.channels},
        "effective_segments": facts.effective_segments,
        "transitions": [each.to_dict() for each in facts.transitions],
        "co_occurrence": [each.to_dict() for each in facts.co_occurrence],
        "separability": None if facts.separability is None else facts.separability.to_dict(),
    }


def totals(facts: Fingerprint) -> dict[str, Any]:
    """How much there is, in all and in each part of the split."""
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
            part: {"recordings": len(members), "steps": _steps(members)}
            for part, members in parts_of(facts).items()
            if part
        },
    }


def classes(facts: Fingerprint) -> list[dict[str, Any]]:
    """What is known of each class, the background included."""
    parts = parts_of(facts)
    return [_class(facts, number, parts) for number in range(len(facts.labels))]


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
        "effective_segments": None if measured is None else measured.effective_segments,
        "share": {part or "all": _share(facts, members, number) for part, members in parts.items()},
    }


def parts_of(facts: Fingerprint) -> dict[str, list[RecordingFacts]]:
    """Recordings by part of the split, in the order in which parts appear; all of them under ""."""
    parts: dict[str, list[RecordingFacts]] = {"": list(facts.recordings)}
    order = {"train": 0, "val": 1}
    roles = {role for recording in facts.recordings for role in (recording.role, *recording.also_in) if role}
    for role in sorted(roles, key=lambda each: (order.get(each, 2), each)):
        parts[role] = [each for each in facts.recordings if role in (each.role, *each.also_in)]
    return parts


def _share(facts: Fingerprint, recordings: list[RecordingFacts], number: int) -> float | None:
    marked = [recording for recording in recordings if recording.class_steps]
    if facts.task["labels"] == "multilabel":
        whole = sum(recording.steps if recording.judged is None else recording.judged for recording in marked)
    else:
        whole = sum(sum(recording.class_steps) for recording in marked)
    return sum(recording.class_steps[number] for recording in marked) / whole if whole else None


def _steps(recordings: tuple[RecordingFacts, ...] | list[RecordingFacts]) -> int:
    return sum(recording.steps for recording in recordings)


def _lengths(found: Quantiles) -> dict[str, float | None]:
    return {key: getattr(found, key) for key in ("p5", "p50", "p95", "max")}
