"""Regions of Label Studio, in audio and in time series."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple

from segmend.errors import InputError
from segmend.formats.base import AnnotationFormat, Annotations
from segmend.formats.seconds import recording_of, refuse_steps, rows_of_many
from segmend.formats.text import LARGEST, refuse_characters

Kind = Literal["timeserieslabels", "labels"]

NAMES: dict[str, tuple[str, str, str]] = {
    "timeserieslabels": ("ts", "csv", ".csv"),
    "labels": ("audio", "audio", ".wav"),
}
"""Name of the object tag, key of the file in a task's data, and suffix, by kind of region."""

UPLOADED = re.compile("^[0-9a-f]{8}-")
"""What Label Studio puts before the name of a file that was uploaded."""


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
        """Whether the file is a list of tasks with data."""
        with path.open("rb") as file:
            head = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
        if not head.startswith(b"["):
            return False
        try:
            tasks = _tasks(path)
        except InputError:
            return False
        return all(isinstance(task, dict) and isinstance(task.get("data"), dict) for task in tasks)

    def read(self, path: Path) -> Annotations:
        """The regions, task by task.

        Raises:
            InputError: broken JSON, a task without a file, or a region without times in numbers.
        """
        regions = [region for k, task in enumerate(_tasks(path), 1) for region in _regions(path, k, task)]
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
        tasks = [
            {"data": {key: f"{name}{suffix}"}, "predictions": [{"model_version": "segmend", "result": result}]}
            for name, result in results.items()
        ]
        path.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


class _Region(NamedTuple):
    recording: str
    start: float
    end: float
    label: str
    task: int


def _tasks(path: Path) -> list[Any]:
    try:
        tasks = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise InputError(f"{path}, line {error.lineno}: expected JSON. Received: {error.msg.lower()}") from None
    except RecursionError:
        raise InputError(f"{path}: expected tasks of Label Studio. Received JSON nested too deeply") from None
    except (OSError, UnicodeDecodeError) as error:
        fault = "other bytes than UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise InputError(f"{path}: expected tasks of Label Studio. Received: {fault}") from None
    if not isinstance(tasks, list) or not tasks:
        raise InputError(f"{path}: expected a list of tasks of Label Studio. Received {type(tasks).__name__}")
    return tasks


def _regions(path: Path, number: int, task: Any) -> Iterator[_Region]:
    """The regions of one task."""
    recording = _recording(path, number, task)
    done = [each for each in _objects(task.get("annotations")) if not each.get("was_cancelled")]
    chosen = (done or _objects(task.get("predictions")))[:1]
    for each in (region for one in chosen for region in _objects(one.get("result"))):
        kind, value = str(each.get("type")), each.get("value")
        if kind not in NAMES or not isinstance(value, dict):
            continue
        ends = [_time(path, number, value.get(key)) for key in ("start", "end")]
        labels = value.get(kind)
        for label in labels if isinstance(labels, list) and labels else ("",):
            yield _Region(recording, ends[0], ends[1], str(label), number)


def _objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none of what is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _time(path: Path, number: int, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < LARGEST:
        raise InputError(f"{path}, task {number}: expected start and end in seconds. Received {value!r:.80}")
    return float(value)


def _recording(path: Path, number: int, task: Any) -> str:
    """The name of the file that a task is about."""
    data = task.get("data") if isinstance(task, dict) else None
    data = data if isinstance(data, dict) else {}
    files = [each for each in (*map(data.get, ("audio", "csv", "ts")), *data.values()) if isinstance(each, str)]
    if not files:
        raise InputError(f"{path}, task {number}: expected data with the name of a file. Received {data!r:.80}")
    name = recording_of(files[0])
    return UPLOADED.sub("", name) if "/upload/" in files[0] else name
