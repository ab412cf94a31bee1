"""What people marked in the recordings or images of a folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from segmend.core.dataset import Problem
from segmend.core.labels import Labels
from segmend.core.regions import Regions
from segmend.core.segments import Segments
from segmend.loading.description import Description
from segmend.loading.naming import background_among, numbered


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Marked:
    """What people marked in the recordings or images of a folder.

    Attributes:
        labels: class names and the background.
        segments: by name of recording, of segmentation.
        ignored: likewise, stretches that are not judged.
        regions: by name of image, of segmentation.
        classes: by name of recording or image, of classification.
        problems: what was read but would falsify a number.
    """

    labels: Labels
    segments: dict[str, Segments] = field(default_factory=dict)
    ignored: dict[str, Segments] = field(default_factory=dict)
    regions: dict[str, Regions] = field(default_factory=dict)
    classes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which classes dataset.json and the caller speak of.

    Attributes:
        description: dataset.json.
        labels: what the caller gave instead of its labels.
        background: what the caller said: a number, None, or "auto".
    """

    description: Description
    labels: Sequence[str] | None
    background: int | str | None

    @property
    def names(self) -> list[str]:
        """The given class names; empty where none were given."""
        return list(self.labels if self.labels is not None else self.description.labels or ())

    def of_pixels(self, found: Iterable[str]) -> Labels:
        """The classes of pixels, by the given names, else by those that were found; 0 is the background unless told."""
        names = self.names or list(found)
        background = self.description.background if self.background == "auto" else self.background
        if isinstance(background, str):
            called = background_among(names)
            background = 0 if called is None else called
        return numbered(names, background)

    def of_images(self, found: Iterable[str]) -> Labels:
        """The classes of whole images, by the given names, else by those that were found; none is a background."""
        return Labels.of(self.names or list(found), None)


def left_out(names: Iterable[str], marked: Iterable[str], where: str) -> list[Problem]:
    """One problem for each image that nobody marked."""
    done = set(marked)
    return [
        Problem("not-annotated", name, where, "expected annotations. Received none")
        for name in names
        if name not in done
    ]


def not_there(names: Iterable[str], known: Iterable[str], where: str) -> list[Problem]:
    """One problem for each name that is annotated although no image is called so."""
    images = set(known)
    return [
        Problem("unknown-recording", name, where, f'expected an image of the data set. Received "{name}"')
        for name in dict.fromkeys(names)
        if name not in images
    ]
