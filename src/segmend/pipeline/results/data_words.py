"""What things are called in the summary of a data set."""

from __future__ import annotations

from dataclasses import dataclass

from segmend.artifacts.fingerprint import Fingerprint
from segmend.core.task import Task


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words, in the singular; all of them take an s.

    Attributes:
        recording: "recording" or "image".
        unit: "step" or "pixel".
        item: "segment", "object", or "label" where whole recordings are classified.
        length: how large an item is: "length" or "diameter".
        whole: whether labels are of whole recordings.
        overlap: whether labels may overlap.
    """

    recording: str
    unit: str
    item: str
    length: str
    whole: bool
    overlap: bool


def words_of(facts: Fingerprint) -> Words:
    """The words for a data set."""
    task = Task(**facts.task)
    whole, imaged = task.kind == "classification", task.rank > 1
    return Words(
        recording="image" if imaged else "recording",
        unit="pixel" if imaged else "step",
        item="label" if whole else task.item.removesuffix("s"),
        length="diameter" if imaged else "length",
        whole=whole,
        overlap=task.labels == "multilabel",
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
