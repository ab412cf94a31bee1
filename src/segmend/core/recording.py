"""One recording or image, and what people marked in it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from segmend.core.regions import Regions
from segmend.core.segments import Segments
from segmend.core.types import FloatArray


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Recording:
    """One recording, or one image.

    Of ``segments``, ``regions`` and ``classes`` the task uses one: segmentation of signals, segmentation of images, and
    classification. All are None where nobody annotated the recording.

    Attributes:
        name: unique in its data set.
        signal: shape (steps, channels), or (height, width, channels) of an image; may be a memory map or be read when
            it is asked for, so read slices.
        segments: reference segments in steps, sorted by start.
        regions: class of each pixel, and objects.
        classes: numbers of the classes that the whole recording has: one, or any number of them where labels overlap.
        ignored: of signals, stretches of steps that are not judged, sorted by start; None where all are.
        group: who or what was recorded (a subject); splits never cut through a group.
        source: the file that the signal came from.
    """

    name: str
    signal: FloatArray
    segments: Segments | None = None
    regions: Regions | None = None
    classes: tuple[int, ...] | None = None
    ignored: Segments | None = None
    group: str
    source: Path | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Its spatial axes: (steps,) or (height, width)."""
        return tuple(self.signal.shape[:-1])

    @property
    def steps(self) -> int:
        """Steps of a signal, pixels of an image."""
        return math.prod(self.shape)

    @property
    def judged_steps(self) -> int:
        """Steps of a signal that are judged."""
        return self.steps - (0 if self.ignored is None else int(self.ignored.length.sum()))

    @property
    def annotated(self) -> bool:
        """Whether people marked anything in it, or said that there is nothing."""
        return self.segments is not None or self.regions is not None or self.classes is not None
