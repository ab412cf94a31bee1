"""How labels are read off the probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Choice


def choose_candidates(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """From the simplest to the one that knows how long segments last."""
    value = ["argmax", "min_duration", "viterbi", "semi_markov"]
    because = "fitted on validation predictions; inner folds decide, the simpler one where they tie"
    return Choice(value=value, because=because, source="default")


def choose_objective(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Right segments, and the right number of them."""
    per_recording = facts.segments / max(1, sum(r.segments is not None for r in facts.recordings))
    price = _two_digits(0.5 / max(per_recording, 1.0))
    because = f"right segments, and a price for each one miscounted ({per_recording:.0f} in a recording)"
    return Choice(value=f"segment_f1@50 - {price:g}*count_mae", because=because, source="segments")


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")
