"""What the writers of all tasks share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.core.task import Task
from segmend.core.words import counted
from segmend.errors import InputError
from segmend.formats.audio import Audio
from segmend.formats.label_studio_setup import Project
from segmend.formats.wav import Wav
from segmend.pipeline.outputs.entries import Entry

SETUP, TASKS = "label-studio.xml", "label-studio.json"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is predicted.

    Attributes:
        task: the question.
        labels: class names and the background.
        channels: names of the model's channels.
        sampling_rate_hz: steps per second of what is predicted; None where steps are all there is.
    """

    task: Task
    labels: Labels
    channels: tuple[str, ...]
    sampling_rate_hz: float | None


class Writer(ABC):
    """Writes predictions into a folder, one after the other.

    Args:
        folder: to write into.
        subject: what is predicted.
        formats: names of formats beside those that are always written, among ``serves``.

    Attributes:
        serves: the formats that hold such predictions.
        usual: those that are written unless others are asked for.
    """

    serves: ClassVar[tuple[str, ...]]
    usual: ClassVar[tuple[str, ...]]

    def __init__(self, folder: Path, subject: Subject, formats: tuple[str, ...]) -> None:
        self.folder = folder
        self.subject = subject
        self.formats = formats

    @abstractmethod
    def add(self, entry: Entry, prediction: Prediction) -> str:
        """Write one prediction.

        Args:
            entry: what was predicted.
            prediction: of this alone.

        Returns:
            What was found, in a few words.
        """

    @abstractmethod
    def close(self) -> None:
        """Write what stands in one file for all."""

    def write_setup(self, xml: str) -> None:
        """What Label Studio is to be told before the tasks are imported."""
        (self.folder / SETUP).write_text(xml, encoding="utf-8")


def project_of(subject: Subject, *, heard: bool) -> Project:
    """How Label Studio shows the files."""
    if subject.task.rank > 1:
        return Project("image")
    return Project("audio") if heard else Project("ts", subject.channels, subject.sampling_rate_hz is not None)


def is_heard(path: Path) -> bool:
    """Whether a file is sound."""
    return path.suffix.lower() in (*Wav.suffixes, *Audio.suffixes)


def told(counts: Mapping[str, int], what: str) -> str:
    """Counts of each class in one line.

    Args:
        counts: how many of each label.
        what: one of them, a word that takes an s.

    >>> told({"P": 1, "QRS": 2}, "segment"), told({"1": 1}, "object")
    ('3 segments (P: 1, QRS: 2)', '1 object (1: 1)')
    """
    listed = ", ".join(f"{label}: {count}" for label, count in counts.items())
    return f"{counted(sum(counts.values()), what)} ({listed})"


def subfolder(folder: Path, *parts: str) -> Path:
    """A folder below another, made if it is not there.

    Raises:
        InputError: a name cannot name a folder.
    """
    for part in parts:
        if Path(part).name != part or part in ("", ".", ".."):
            raise InputError(f'labels: expected names of labels that can name folders. Received "{part}"')
    place = folder.joinpath(*parts)
    place.mkdir(parents=True, exist_ok=True)
    return place
