"""What a model that never saw them says of annotated items."""

from __future__ import annotations

from segmend.artifacts.base import Artifact


class ClassOpinion(Artifact):
    """The items of one class.

    Attributes:
        name: class name.
        items: number that were looked at.
        doubted: number that look like another class, as half of that class's own items do or more.
        tail: share of right items that would be doubted by chance, of a normal distribution.
        apart: distance to the nearest other class, in robust standard deviations of this one.
    """

    name: str
    items: int
    doubted: int
    tail: float
    apart: float


class Suspect(Artifact):
    """One item whose label is doubted.

    Attributes:
        recording: its name.
        start, stop: in steps; 0 and 0 of a recording that has one label as a whole.
        given, looks_like: class names.
    """

    recording: str
    start: int
    stop: int
    given: str
    looks_like: str


class SecondOpinion(Artifact):
    """Items whose labels are doubted out of sample.

    Attributes:
        classes: those that lie apart from all others, so that a doubt means something.
        items, doubted: totals over these classes.
        torn: number of items that lie between two classes: a weak model leaves many there, wrong labels do not.
        low, high: between them lies, with 99 per cent, the share that is doubted, groups being what is drawn.
        groups: in how many groups (recordings, where there is one group only) some item is doubted.
        suspects: those that are doubted, most of all first.
    """

    classes: tuple[ClassOpinion, ...]
    items: int
    doubted: int
    torn: int
    low: float
    high: float
    groups: int
    suspects: tuple[Suspect, ...]
