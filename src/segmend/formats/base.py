"""What a signal format and an annotation format can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from segmend.core.types import FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Signal:
    """What a signal file holds.

    Attributes:
        values: shape (steps, channels); a memory map or another array that reads a slice at a time where the format
            allows it.
        sampling_rate_hz: steps per second, None where the file does not say.
        channels: channel names, None where the file does not say.
    """

    values: FloatArray
    sampling_rate_hz: float | None = None
    channels: tuple[str, ...] | None = None


class SignalFormat(ABC):
    """One way to store the samples of one recording in one file.

    Attributes:
        name: how people call it.
        suffixes: of its files, lower case, with the dot.
        holds: one line for ``segmend formats``.
    """

    name: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    holds: ClassVar[str]

    @abstractmethod
    def sniff(self, path: Path) -> bool:
        """Whether the file's content, whatever its name, looks like this format."""

    @abstractmethod
    def open(self, path: Path) -> Signal:
        """The signal of a file.

        Raises:
            InputError: the file is not of this format or damaged; the message names it and, in text, the line.
        """

    @abstractmethod
    def write(self, path: Path, signal: Signal) -> None:
        """Write a signal so that ``open`` gives it back."""


@dataclass(frozen=True, slots=True, eq=False)
class Annotations:
    """Rows of an annotation file as columns, as they stand in the file.

    Attributes:
        recording: name of the recording of each row.
        start: where each segment starts, shape (rows,), in ``unit``.
        end: where it ends (exclusive), shape (rows,).
        label: class name of each row; may be empty.
        line: line of the file that each row stands on, shape (rows,).
        unit: "steps" (integers) or "seconds".
        source: the file's name, for messages.
    """

    recording: tuple[str, ...]
    start: IntArray | FloatArray
    end: IntArray | FloatArray
    label: tuple[str, ...]
    line: IntArray
    unit: Literal["steps", "seconds"]
    source: str

    def __len__(self) -> int:
        return len(self.recording)


class AnnotationFormat(ABC):
    """One way to store segments of many recordings in one file.

    Attributes:
        name: how people call it.
        suffixes: of its files, lower case, with the dot.
        holds: one line for ``segmend formats``.
    """

    name: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    holds: ClassVar[str]

    @abstractmethod
    def sniff(self, path: Path) -> bool:
        """Whether the file's content, whatever its name, looks like this format."""

    @abstractmethod
    def read(self, path: Path) -> Annotations:
        """The rows of a file, in its order.

        Raises:
            InputError: columns are missing, or a cell holds no number; the message names file and line.
        """

    @abstractmethod
    def write(self, path: Path, annotations: Annotations) -> None:
        """Write rows so that ``read`` gives them back."""
