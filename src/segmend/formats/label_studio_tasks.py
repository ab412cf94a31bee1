"""Tasks of Label Studio: what all kinds of them share."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

from segmend.errors import InputError
from segmend.formats.seconds import recording_of
from segmend.formats.text import read_json

Item: TypeAlias = dict[str, Any]
"""An object of JSON."""

UPLOADED = re.compile("^[0-9a-f]{8}-")
"""What Label Studio puts before the name of a file that was uploaded."""

IMAGE_KINDS = ("polygonlabels", "brushlabels", "rectanglelabels")
"""Kinds of regions of images that are read."""


def read_tasks(path: Path) -> list[Any]:
    """The tasks of a file.

    Raises:
        InputError: broken JSON, or no list.
    """
    tasks = read_json(path, "tasks of Label Studio")
    if not isinstance(tasks, list) or not tasks:
        raise InputError(f"{path}: expected a list of tasks of Label Studio. Received {type(tasks).__name__}")
    return tasks


def write_tasks(path: Path, tasks: Sequence[Item]) -> None:
    """Write tasks, to import, a line each."""
    lines = ",\n".join(json.dumps(task, ensure_ascii=False) for task in tasks)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def task_of(data: Item, result: Sequence[Item]) -> Item:
    """A task with one prediction, which people look at and correct.

    >>> task_of({"image": "a.png"}, [])
    {'data': {'image': 'a.png'}, 'predictions': [{'model_version': 'segmend', 'result': []}]}
    """
    return {"data": data, "predictions": [{"model_version": "segmend", "result": list(result)}]}


def sniffed(path: Path) -> list[Item] | None:
    """The tasks, where the file is a list of tasks with data; else None."""
    with path.open("rb") as file:
        head = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head.startswith(b"["):
        return None
    try:
        tasks = read_tasks(path)
    except InputError:
        return None
    return tasks if all(isinstance(task, dict) and isinstance(task.get("data"), dict) for task in tasks) else None


def of_image(task: Item) -> bool:
    """Whether a task is about an image: it says so, or has such a region."""
    return "image" in task["data"] or any(str(region.get("type")) in IMAGE_KINDS for region in chosen(task))


def chosen(task: Item) -> list[Item]:
    """The regions of a task's first annotation that was not cancelled, else of its prediction."""
    done = [each for each in items(task.get("annotations")) if not each.get("was_cancelled")]
    first = (done or items(task.get("predictions")))[:1]
    return [region for one in first for region in items(one.get("result"))]


def items(value: Any) -> list[Item]:
    """The objects of a list; none of what is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def file_of(path: Path, number: int, task: Any, keys: Sequence[str]) -> str:
    """The file that a task is about: under one of the keys of its data, else the first text there.

    Raises:
        InputError: there is none.
    """
    data = task.get("data") if isinstance(task, dict) else None
    data = data if isinstance(data, dict) else {}
    files = [each for each in (*map(data.get, keys), *data.values()) if isinstance(each, str)]
    if not files:
        raise InputError(f"{path}, task {number}: expected data with the name of a file. Received {data!r:.80}")
    return files[0]


def name_of(file: str) -> str:
    """The name of the recording in a file, without what Label Studio puts before it.

    >>> name_of("/data/upload/7/0a1b2c3d-heart-1.csv")
    'heart-1'
    """
    name = recording_of(file)
    return UPLOADED.sub("", name) if "/upload/" in file else name
