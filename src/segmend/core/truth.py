"""What is true of a recording, in the form that scores and losses compare with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from segmend.core.labels import IGNORE, Labels
from segmend.core.rasterize import paint, rasterize_each
from segmend.core.recording import Recording
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.core.types import IntArray
from segmend.errors import InputError


def truth(recording: Recording, task: Task, labels: Labels) -> IntArray:
    """The reference as numbers.

    Args:
        recording: annotated.
        task: decides the form.
        labels: class names and the background.

    Returns:
        Segmentation: the class number of each step, shape (*spatial); -1 is not judged. Classification: the class
        number of the recording, shape (). Where labels overlap, 0 or 1 for each class instead: shape
        (*spatial, classes), or (classes,) of a whole recording.

    Raises:
        InputError: nobody annotated the recording in the way that the task needs.

    Examples:
        >>> recording = Recording(name="a", signal=np.zeros((3, 1)), classes=(2,), group="a")
        >>> labels = Labels.of(["x", "y", "z"], background=None)
        >>> truth(recording, Task.named("classification", 3), labels)
        array(2)
        >>> truth(recording, Task.named("multilabel-classification", 3), labels).tolist()
        [0, 0, 1]
    """
    if task.kind == "classification" and recording.classes is not None:
        return _of_whole(recording.classes, len(labels), multilabel=task.labels == "multilabel")
    if task.kind == "segmentation" and recording.regions is not None:
        return np.asarray(recording.regions.mask)
    if task.kind == "segmentation" and recording.segments is not None:
        painted = paint(recording.segments, recording.steps, labels, multilabel=task.labels == "multilabel")
        return painted if recording.ignored is None else _without(painted, recording.ignored)
    raise InputError(f'recording "{recording.name}": expected annotations for {task.name}. Received none')


def truths(recordings: Sequence[Recording], task: Task, labels: Labels) -> list[IntArray]:
    """What is true of each recording.

    Raises:
        InputError: one of them is not annotated in the way that the task needs.
    """
    return [truth(recording, task, labels) for recording in recordings]


def all_instances(recordings: Sequence[Recording]) -> tuple[IntArray, ...] | None:
    """Instance numbers of every image, each (height, width); None where one of them has none.

    >>> all_instances([Recording(name="a", signal=np.zeros((3, 1)), group="a")]) is None
    True
    """
    found = [r.regions.instances for r in recordings if r.regions is not None and r.regions.instances is not None]
    return tuple(map(np.asarray, found)) if found and len(found) == len(recordings) else None


def _without(painted: IntArray, ignored: Segments) -> IntArray:
    """The same labels, -1 where steps are not judged."""
    hidden = rasterize_each(replace(ignored, label=np.zeros_like(ignored.label)), len(painted), 1)[:, 0] == 1
    painted[hidden] = IGNORE
    return painted


def _of_whole(classes: Sequence[int], count: int, *, multilabel: bool) -> IntArray:
    if not multilabel:
        return np.asarray(classes[0], np.int64)
    has = np.zeros(count, np.int8)
    has[list(classes)] = 1
    return has
