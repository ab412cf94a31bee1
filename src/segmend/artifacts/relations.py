"""How classes stand to each other: which follows which, and which hold together."""

from __future__ import annotations

from segmend.artifacts.base import Artifact


class Transition(Artifact):
    """How often a segment of one class is the next to begin after a segment of another.

    Background is no segment: what lies between them does not count, and steps that are not judged end a row of
    neighbours.

    Attributes:
        before, after: class names.
        pairs: neighbouring segments of these classes.
        touching: those of them with nothing in between.
    """

    before: str
    after: str
    pairs: int
    touching: int


class CoOccurrence(Artifact):
    """How often two labels that may overlap hold together.

    Attributes:
        one, other: class names.
        together: steps (pixels, or recordings in classification) that hold both.
        expected: as many as would hold both if the labels were independent: the product of their numbers of steps
            over all steps. ``together / expected`` above 1 is a pair that keeps company, 0 one that never meets.
    """

    one: str
    other: str
    together: int
    expected: float
