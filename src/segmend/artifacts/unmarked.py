"""What looks, out of sample, like an item and was not marked."""

from __future__ import annotations

from segmend.artifacts.base import Artifact


class UnmarkedClass(Artifact):
    """What looks like one class where nothing of it was marked.

    Attributes:
        name: class name.
        auc: how well the model tells the class apart, as in ``Separability``; None where that is not known.
        items: marked ones that were looked at.
        seen: those of them that a model which was fitted on others sees at least in part.
        runs: stretches without a mark that it takes for the class, as long as its items are.
        sure: those of them that it is as sure of as of half of the items that it sees, or more.
        low, high: between them lies, with 99 per cent, the share of ``sure`` and ``items`` together that is ``sure``,
            groups being what is drawn.
        groups: in how many groups (recordings, where there is one group only) the ``sure`` ones are.
    """

    name: str
    auc: float | None
    items: int
    seen: int
    runs: int
    sure: int
    low: float
    high: float
    groups: int


class Unmarked(Artifact):
    """One stretch that looks like an item.

    Attributes:
        recording: its name.
        start, stop: about where, in steps.
        label: what it looks like.
        confidence: share of the class's own items that the model is less sure of.
    """

    recording: str
    start: int
    stop: int
    label: str
    confidence: float


class UnmarkedItems(Artifact):
    """What looks like an item and was not marked.

    Attributes:
        classes: those of which a model sees most marked items.
        places: the sure ones, surest first.
    """

    classes: tuple[UnmarkedClass, ...]
    places: tuple[Unmarked, ...]
