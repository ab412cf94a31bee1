"""A set of recordings with one task, one set of labels and a split."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.task import Task

ProblemKind = Literal[
    "overlap", "empty-segment", "beyond-end", "partial", "unknown-label", "unknown-recording", "not-annotated"
]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the files that can be read but would falsify a number.

    ``audit`` and ``diagnose`` report problems as findings; ``train``, ``mend``, ``score`` and ``predict`` refuse
    all but "not-annotated", which they leave out with a warning.

    Attributes:
        kind: what is wrong.
        recording: the recording it stands in.
        where: file and line, such as "annotations.csv, line 12".
        message: what was received and what was expected, one sentence.
        label: the class, where there is one.
    """

    kind: ProblemKind
    recording: str
    where: str
    message: str
    label: str | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Dataset:
    """A data set in memory (signals and masks may stay in their files).

    Attributes:
        recordings: in the order of their names.
        task: what the labels answer.
        labels: class names and the background.
        channels: one name per channel.
        sampling_rate_hz: steps per second, or None where steps are all there is.
        split: names of recordings by role ("train", "val", "test..."); empty where none was given.
        problems: what was read but would falsify a number.
        path: where it was loaded from.
        notes: what loading changed, such as a rate, a line each.
    """

    recordings: tuple[Recording, ...]
    task: Task
    labels: Labels
    channels: tuple[str, ...]
    sampling_rate_hz: float | None = None
    split: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    path: Path | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.recordings)

    def part(self, role: str) -> tuple[Recording, ...]:
        """The recordings of one role of the split, in the order of the data set."""
        names = set(self.split.get(role, ()))
        return tuple(recording for recording in self.recordings if recording.name in names)
