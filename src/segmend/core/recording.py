"""One recording: a signal and the segments that people marked in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from segmend.core.segments import Segments
from segmend.core.types import FloatArray


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Recording:
    """One recording.

    Attributes:
        name: unique in its data set.
        signal: shape (steps, channels); may be a memory map, so read slices.
        segments: reference segments in steps, sorted by start; None where nobody annotated the recording.
        group: who or what was recorded (a subject); splits never cut through a group.
        source: the file that the signal came from.
    """

    name: str
    signal: FloatArray
    segments: Segments | None
    group: str
    source: Path | None = None

    @property
    def steps(self) -> int:
        """Length of the signal in steps."""
        return int(self.signal.shape[0])
