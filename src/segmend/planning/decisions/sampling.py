"""Which windows training sees, and how they are varied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Choice


def choose_balanced(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Half of the windows around a segment of a class drawn evenly; never all, since the weights correct too."""
    counts = [c.segments for c in facts.classes if c.segments]
    if len(counts) < 2:
        return Choice(value=0.0, because="one class or none: any window is as good", source="classes.segments")
    ratio = max(counts) / min(counts)
    because = (
        f"half of the windows lie around a segment of a class drawn evenly, so that each class appears "
        f"({ratio:.1f} times between the most frequent and the rarest); not all, since class weights correct too"
    )
    return Choice(value=0.5, because=because, source="classes.segments")


def choose_scale(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Amplitudes differ from person to person and sensor to sensor."""
    because = "each channel of a window is scaled and shifted at random: people and sensors differ in amplitude"
    return Choice(value=0.3, because=because, source="default")


def choose_noise(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """A little noise against learning single samples by heart."""
    because = "noise of this many standard deviations, against learning samples by heart"
    return Choice(value=0.1, because=because, source="default")
