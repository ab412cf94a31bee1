"""Regions of Label Studio, in audio and in time series."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple

from segmend.errors import InputError
from segmend.formats.base import AnnotationFormat, Annotations
from segmend.formats.label_studio_tasks import (
    chosen,
    file_of,
    name_of,
    of_image,
    read_tasks,
    sniffed,
    task_of,
    write_tasks,
)
from segmend.formats.seconds import refuse_steps, rows_of_many
from segmend.formats.text import LARGEST, refuse_characters

Kind = Literal["timeserieslabels", "labels"]

NAMES: dict[str, tuple[str, str, str]] = {
    "timeserieslabels": ("ts", "csv", ".csv"),
    "labels": ("audio", "audio", ".wav"),
}
"""Name of the object tag, key of the file in a task's data, and suffix, by kind of region."""


class LabelStudio(AnnotationFormat):
    """Exported tasks (JSON): the regions of each task's first annotation that was not cancelled, else its prediction.

    Times are those of the task: seconds in audio, and in time series whose time column holds seconds. What is written
    are pre-annotations: tasks with predictions, to import and correct.

    Args:
        kind: which regions ``write`` writes: of a TimeSeriesLabels tag (called "label", to a TimeSeries "ts", file
            under "csv"), or of a Labels tag ("label", to an Audio "audio", file under "audio").
        recordings: those that get a task even where they have no row.
    """

    name: ClassVar[str] = "label-studio"
    suffixes: ClassVar[tuple[str, ...]] = (".json",)
    holds: ClassVar[str] = "exported tasks with timeserieslabels or audio labels (seconds); written as predictions"
    many: ClassVar[bool] = True

    def __init__(self, kind: Kind = "timeserieslabels", recordings: Iterable[str] = ()) -> None:
        self.kind: Kind = kind
        self.recordings = tuple(recordings)

    def sniff(self, path: Path) -> bool:
        """Whether the file is a list of tasks with data, none of them of an image."""
        tasks = sniffed(path)
        return tasks is not None and not any(map(of_image, tasks))

    def read(self, path: Path) -> Annotations:
        """The regions, task by task.

        Raises:
            InputError: broken JSON, a task without a file, or a region without times in numbers.
        """
        regions = [region for k, task in enumerate(read_tasks(path), 1) for region in _regions(path, k, task)]
        recording, start, end, label, number = zip(*regions, strict=True) if regions else ((),) * 5
        return rows_of_many(path, recording, start, end, label, number, "task")

    def write(self, path: Path, annotations: Annotations) -> None:
        """Write one task per recording, its rows as one prediction.

        Raises:
            InputError: rows in steps, or a recording's name that no file can have.
        """
        refuse_steps(path, annotations)
        refuse_characters(path, "recording", annotations.recording, "/\\?")
        target, key, suffix = NAMES[self.kind]
        results: dict[str, list[dict[str, Any]]] = {name: [] for name in self.recordings}
        columns = (annotations.recording, annotations.start.tolist(), annotations.end.tolist(), annotations.label)
        for number, (name, start, end, label) in enumerate(zip(*columns, strict=True), 1):
            value = {"start": start, "end": end, self.kind: [label] if label else []}
            if self.kind == "timeserieslabels":
                value["instant"] = start == end
            region = {"id": f"r{number}", "from_name": "label", "to_name": target, "type": self.kind, "value": value}
            results.setdefault(name, []).append(region)
        write_tasks(path, [task_of({key: f"{name}{suffix}"}, result) for name, result in results.items()])


class _Region(NamedTuple):
    recording: str
    start: float
    end: float
    label: str
    task: int


def _regions(path: Path, number: int, task: Any) -> Iterator[_Region]:
    """The regions of one task."""
    recording = name_of(file_of(path, number, task, ("audio", "csv", "ts")))
    for each in chosen(task):
        kind, value = str(each.get("type")), each.get("value")
        if kind not in NAMES or not isinstance(value, dict):
            continue
        ends = [_time(path, number, value.get(key)) for key in ("start", "end")]
        labels = value.get(kind)
        for label in labels if isinstance(labels, list) and labels else ("",):
            yield _Region(recording, ends[0], ends[1], str(label), number)


def _time(path: Path, number: int, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < LARGEST:
        raise InputError(f"{path}, task {number}: expected start and end in seconds. Received {value!r:.80}")
    return float(value)
