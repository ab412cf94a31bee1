"""What chooses the best epoch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Choice
from segmend.planning.sides import task_of


def choose_metric(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Segments and steps together: decoding joins fragments later, but cannot set wrong steps right."""
    task = task_of(facts)
    if task.kind == "classification" and task.labels == "multilabel":
        because = "how well each label is ranked: thresholds are fitted later"
        return Choice(value="macro_average_precision", because=because, source="task")
    if task.kind == "classification":
        because = "each class counts the same, however rare; a ranking moves where a few right labels do not"
        return Choice(value="macro_f1 + macro_average_precision", because=because, source="task")
    because = (
        f"whole validation {task.holders}: right {task.item}, and right {task.unit} that a decoder can put together"
    )
    return Choice(value="segment_f1@50 + macro_f1", because=because, source="default")


def choose_decoding(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """The likeliest class; objects that touch are split first, or mergers that no decoder leaves choose the epoch."""
    task = task_of(facts)
    if task.kind == "segmentation" and task.rank > 1 and task.labels != "multilabel":
        because = "objects that touch are split by their shape, as they will be, before an epoch is judged by them"
        return Choice(value="morphology", because=because, source="task")
    return Choice(value="argmax", because="the decoder is fitted once, afterwards", source="task")


def choose_share(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Held out by group where the data bring no split."""
    return share_of(split=any(r.role == "val" for r in facts.recordings))


def share_of(*, split: bool) -> Choice:
    """The share, where it is known whether the data bring a split: roles may have been dealt out since.

    Args:
        split: whether the data themselves have a part "val".
    """
    because = "not used: the data bring a split" if split else "held out by group, since the data bring no split"
    return Choice(value=0.2, because=because, source="recordings.role")
