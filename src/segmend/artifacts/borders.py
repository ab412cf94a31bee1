"""How far marked borders lie from where the signal changes."""

from __future__ import annotations

from segmend.artifacts.base import Artifact


class OddBorder(Artifact):
    """One border that lies elsewhere than the signal changes.

    Attributes:
        recording: its name.
        label: class of the item.
        end: "start" or "stop" of the item.
        step: where it was marked.
        off: by how many steps the signal changes later.
    """

    recording: str
    label: str
    end: str
    step: int
    off: float


class ClassBorders(Artifact):
    """Borders of one class.

    Two models that were fitted on others, each with half of the channels, tell where the evidence for the class
    changes most. What both find to be off is off in the marks, or in what they mean; what only one of them finds is
    noise.

    Attributes:
        name: class name.
        borders: number that were looked at.
        groups: of how many groups (recordings, where there is one group only).
        length: median length of the class's items, in steps.
        spread: standard deviation of what both models find, in steps, less what is the same for all starts or stops.
        low: what it is at least, with 99 per cent, groups being what is drawn.
        agreement: correlation of what the two models find.
    """

    name: str
    borders: int
    groups: int
    length: float
    spread: float
    low: float
    agreement: float


class Borders(Artifact):
    """Borders of all classes.

    Attributes:
        classes: those with enough borders.
        odd: those that both models find off, furthest first.
    """

    classes: tuple[ClassBorders, ...]
    odd: tuple[OddBorder, ...]
