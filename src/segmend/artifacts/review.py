"""Places in labelled data that a person should look at."""

from __future__ import annotations

from typing import Literal

from segmend.artifacts.base import Artifact

Doubted = Literal["mislabelled", "missing", "shifted"]


class Doubt(Artifact):
    """One place.

    Attributes:
        kind: an item that looks like another class, a stretch that looks like an item nobody marked, or a border that
            lies elsewhere than the signal changes.
        recording: name of the recording or image.
        start, stop: where, in steps; of images the first and last rows and columns; None of a whole.
        label: the class as marked; of what is missing, what it looks like.
        looks_like: the class that a mislabelled item looks like.
        told: what is to be looked at, a phrase for people.
        rare: whether the marked class is too rare to take anything from it unseen.
    """

    kind: Doubted
    recording: str
    start: int | tuple[int, ...] | None
    stop: int | tuple[int, ...] | None
    label: str
    looks_like: str | None = None
    told: str
    rare: bool = False


class Review(Artifact):
    """Places to look at, those first that explain most.

    Attributes:
        places: the list.
        rare: classes with less than half as many items as classes have on average.
    """

    places: tuple[Doubt, ...] = ()
    rare: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.places)
