"""What things are called on the page of a task: steps or pixels, items or objects, recordings or images."""

from __future__ import annotations

from dataclasses import dataclass

from segmend.reporting.content import ReportContent


@dataclass(frozen=True, slots=True)
class Terms:
    """Plain words, in the singular; all of them take an s.

    Attributes:
        recording: what a prediction is of.
        item: what is counted.
        unit: what is judged one by one.
    """

    recording: str
    item: str
    unit: str


def terms(content: ReportContent) -> Terms:
    """The words for a page.

    >>> from segmend.core.labels import Labels
    >>> terms(ReportContent(title="", labels=Labels.of(["a"]), names=(), results=(), rank=2)).item
    'object'
    """
    recording = "image" if content.imaged else "recording"
    if content.rank == 0:
        return Terms(recording, "item", recording)
    if content.rank == 1:
        return Terms(recording, "item", "step")
    return Terms(recording, "object", "pixel")
