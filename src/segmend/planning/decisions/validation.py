"""What chooses the best epoch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Choice


def choose_metric(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Segments and steps together: decoding joins fragments later, but cannot set wrong steps right."""
    because = "of whole validation recordings, argmax decoded: right segments, and right steps that a decoder can join"
    return Choice(value="segment_f1@50 + macro_f1", because=because, source="default")


def choose_share(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Held out by group where the data bring no split."""
    split = any(r.role == "val" for r in facts.recordings)
    because = "not used: the data bring a split" if split else "held out by group, since the data bring no split"
    return Choice(value=0.2, because=because, source="recordings.role")
