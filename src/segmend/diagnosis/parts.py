"""The parts of a split, by what they are for."""

from __future__ import annotations

from segmend.artifacts.fingerprint import Fingerprint, RecordingFacts
from segmend.core.roles import Purpose, purpose

PURPOSES: tuple[Purpose, ...] = ("train", "val", "test")


def by_purpose(facts: Fingerprint) -> dict[Purpose, list[RecordingFacts]]:
    """The annotated recordings of each part, train first; several test parts are one, and folds are none.

    A recording that stands in several parts is in each of them.
    """
    parts: dict[Purpose, list[RecordingFacts]] = {}
    for recording in facts.recordings:
        roles = [role for role in (recording.role, *recording.also_in) if role is not None]
        for found in {purpose(role) for role in roles} if recording.segments is not None else ():
            if found is not None:
                parts.setdefault(found, []).append(recording)
    return {each: parts[each] for each in PURPOSES if each in parts}


def held(recordings: list[RecordingFacts], number: int) -> int:
    """Steps of a class over recordings."""
    return sum(recording.class_steps[number] for recording in recordings)


def items(recordings: list[RecordingFacts], number: int) -> int:
    """Segments (objects, recordings) of a class over recordings."""
    return sum(recording.class_segments[number] for recording in recordings)
