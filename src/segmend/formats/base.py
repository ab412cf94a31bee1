"""What a format of signals, of images and of annotations can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy.typing as npt

from segmend.core.types import FloatArray, IntArray
from segmend.errors import InputError


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


@dataclass(frozen=True, slots=True, eq=False)
class Annotations:
    """Rows of annotation files as columns, as they stand in the files.

    Attributes:
        recording: name of the recording of each row.
        start: where each segment starts, shape (rows,), in ``unit``.
        end: where it ends (exclusive), shape (rows,).
        label: class name of each row; may be empty.
        line: line of the file that each row stands on, shape (rows,); where a file has no lines, which item it is.
        unit: "steps" (integers) or "seconds".
        source: the file's name, or the folder's, for messages.
        counted: what ``line`` counts.
        files: the name of each row's file, where the rows come from several.
    """

    recording: tuple[str, ...]
    start: IntArray | FloatArray
    end: IntArray | FloatArray
    label: tuple[str, ...]
    line: IntArray
    unit: Literal["steps", "seconds"]
    source: str
    counted: str = "line"
    files: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self.recording)

    def take(self, index: IntArray) -> Annotations:
        """The rows of an index, shape (k,)."""
        chosen = index.tolist()
        return Annotations(
            recording=tuple(self.recording[row] for row in chosen),
            start=self.start[index],
            end=self.end[index],
            label=tuple(self.label[row] for row in chosen),
            line=self.line[index],
            unit=self.unit,
            source=self.source,
            counted=self.counted,
            files=None if self.files is None else tuple(self.files[row] for row in chosen),
        )

    def where(self, row: int) -> str:
        """File and line of a row, for messages."""
        return f"{self.files[row] if self.files else self.source}, {self.counted} {self.line[row]}"


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """What an image file holds.

    Attributes:
        values: shape (height, width, channels), of the file's own type; decoded when a slice of it is read.
        channels: ("gray",), ("red", "green", "blue"), or None where the file does not say.
    """

    values: npt.NDArray[Any]
    channels: tuple[str, ...] | None = None


class Format(ABC):
    """One way to store something in a file.

    Attributes:
        name: how people call it.
        suffixes: of its files, lower case, with the dot.
        holds: one line for ``segmend formats``.
        extra: the extra of segmend that brings the package it needs; None where it needs none.
        writes: whether ``write`` can be called; other formats are only read.
    """

    name: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    holds: ClassVar[str]
    extra: ClassVar[str | None] = None
    writes: ClassVar[bool] = True

    @abstractmethod
    def sniff(self, path: Path) -> bool:
        """Whether the file's content, whatever its name, looks like this format; needs no extra."""


class SignalFormat(Format):
    """One way to store the samples of one recording in one file."""

    @abstractmethod
    def open(self, path: Path) -> Signal:
        """The signal of a file.

        Raises:
            InputError: the file is not of this format or damaged; the message names it and, in text, the line.
            MissingDependencyError: the extra is not installed.
        """

    def write(self, path: Path, signal: Signal) -> None:
        """Write a signal so that ``open`` gives it back.

        Raises:
            InputError: the format is only read, or cannot hold this signal.
        """
        raise InputError(f"{path}: expected a format that is written. Received {self.name}, which is only read")


class ImageFormat(Format):
    """One way to store one image in one file. Pixels stand as the file has them: no turning by camera tags."""

    @abstractmethod
    def open(self, path: Path) -> Image:
        """The image of a file: only its header is read, the pixels when a slice of them is.

        Raises:
            InputError: the file is not of this format, damaged, or of a kind of pixel that is not read; where only the
                pixels are damaged, reading a slice raises it.
            MissingDependencyError: the extra is not installed.
        """

    @abstractmethod
    def open_mask(self, path: Path) -> IntArray:
        """One whole number for each pixel, shape (height, width): of a palette the index, not the colour.

        Raises:
            InputError: as for ``open``; or the pixels are colours or fractions, or what was stored may have changed.
            MissingDependencyError: the extra is not installed.
        """

    def write(self, path: Path, image: Image) -> None:
        """Write an image so that ``open`` (and, of whole numbers of one channel, ``open_mask``) gives it back.

        Raises:
            InputError: the format is only read, or cannot hold this image.
        """
        raise InputError(f"{path}: expected a format that is written. Received {self.name}, which is only read")


class AnnotationFormat(Format):
    """One way to store segments in one file.

    Attributes:
        many: whether rows name their recording, so that one file holds many; else the file's name is the recording's.
    """

    many: ClassVar[bool] = False

    @abstractmethod
    def read(self, path: Path) -> Annotations:
        """The rows of a file, in its order.

        Raises:
            InputError: something is missing, or no number; the message names the file and, in text, the line.
            MissingDependencyError: the extra is not installed.
        """

    def write(self, path: Path, annotations: Annotations) -> None:
        """Write rows so that ``read`` gives them back.

        Raises:
            InputError: the format is only read, or cannot hold these rows.
        """
        raise InputError(f"{path}: expected a format that is written. Received {self.name}, which is only read")
