"""How labels are read off the probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmend.artifacts.fingerprint import ClassFacts, Fingerprint
from segmend.artifacts.plan import Choice
from segmend.planning.sides import task_of

OFTEN, REGULAR = 4, 0.3
"""A class comes back regularly: segments in the median recording, at least, and at most this spread of its gaps
(between quartiles), as a share of the distance from one segment to the next."""


def choose_candidates(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """From the simplest to the one that knows how long segments last."""
    task = task_of(facts)
    if task.kind == "classification":
        because = "the likeliest class, or a threshold for each class fitted on validation predictions"
        return Choice(value=["argmax", "thresholds"], because=because, source="task")
    if task.rank > 1:
        because = "touching objects are split by their shape or at their peaks; fitted on validation predictions"
        return Choice(value=["morphology", "peaks"], because=because, source="task")
    value = ["argmax", "min_duration", "viterbi", "semi_markov"]
    because = "fitted on validation predictions; inner folds decide, the simpler one where they tie"
    returning = share_returning(facts)
    if returning > 0.5:
        value.append("peak_picking")
        because = f"{because}; {100 * returning:.0f} % of the segments come at regular distances: peaks are tried"
    if task.labels == "multilabel":
        because = f"{because}; each label by itself, since labels may overlap"
    return Choice(value=value, because=because, source="default")


def share_returning(facts: Fingerprint) -> float:
    """Share of the segments whose class comes back often and at regular distances, as steps and heartbeats do."""
    regular = sum(each.segments for each in facts.classes if _returns(each))
    return regular / max(1, sum(each.segments for each in facts.classes))


def _returns(facts: ClassFacts) -> bool:
    gap, duration, often = facts.gap, facts.duration.p50, facts.per_recording.p50
    if gap.p25 is None or gap.p50 is None or gap.p75 is None or duration is None or often is None:
        return False
    return often >= OFTEN and gap.p75 - gap.p25 <= REGULAR * (duration + gap.p50)


def choose_objective(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Right segments, and the right number of them."""
    if task_of(facts).kind == "classification":
        return Choice(value="macro_f1", because="each class counts the same, however rare it is", source="task")
    per_recording = facts.segments / max(1, sum(r.segments is not None for r in facts.recordings))
    price = _two_digits(0.5 / max(per_recording, 1.0))
    what = "objects" if task_of(facts).rank > 1 else "segments"
    where = "an image" if task_of(facts).rank > 1 else "a recording"
    because = f"right {what}, and a price for each one miscounted ({per_recording:.0f} in {where})"
    return Choice(value=f"segment_f1@50 - {price:g}*count_mae", because=because, source="segments")


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")
