"""Arrays as a Dataset, so that the same fingerprint and rules read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from segmend.core.dataset import Dataset, Problem
from segmend.core.labels import IGNORE, Labels
from segmend.core.recording import Recording
from segmend.core.regions import Regions
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.core.types import FloatArray, IntArray
from segmend.pipeline.inputs.batches import Examples

NAMES = {"": "x", "train": "x", "val": "validation_data"}


class Reading(Protocol):
    """What of ``diagnose``'s arguments is read here."""

    @property
    def groups(self) -> Sequence[Any] | None:
        """One value per recording of ``x``."""

    @property
    def validation_groups(self) -> Sequence[Any] | None:
        """One value per recording of what is held out."""

    @property
    def mask(self) -> Any:
        """False where a step (pixel, recording) of ``x`` is not judged."""


def dataset_of(parts: Mapping[str, Examples], labels: Labels, question: Reading, task: Task) -> Dataset | None:
    """A Dataset whose recordings are named "x[0]" or "validation_data[0]"; None where arrays are no recordings.

    Args:
        parts: examples by role; "" where there is no split.
        labels: class names and the background.
        question: groups, and the mask of the part that is not held out.
        task: what the labels answer.
    """
    recordings, split, problems = [], {}, []
    for role, part in parts.items():
        ours = role != "val"
        if any(rows.ndim not in (task.rank, task.rank + 1) for rows in part.x):
            return None
        names = [f"{NAMES[role]}[{k}]" for k in range(len(part.x))]
        given = question.groups if ours else question.validation_groups
        groups = names if given is None else given
        judged = _judged(part, question.mask if ours else None)
        for name, group, signal, y, keep in zip(names, groups, part.x, part.y, judged, strict=True):
            true = _truth(y, keep, labels, task)
            rows = signal[..., None] if signal.ndim == task.rank else signal
            recordings.append(Recording(name=name, signal=rows, group=str(group), **_marks(true, rows, labels, task)))
            if true is None:
                problems.append(_no_classes(name, y, labels))
        if role:
            split[role] = tuple(names)
    if len({recording.signal.shape[-1] for recording in recordings}) != 1:
        return None
    return Dataset(
        recordings=tuple(recordings),
        task=task,
        labels=labels,
        channels=tuple(str(k) for k in range(recordings[0].signal.shape[-1])),
        split=split,
        problems=tuple(problems),
    )


def _marks(true: IntArray | None, signal: FloatArray, labels: Labels, task: Task) -> dict[str, Any]:
    """What a recording holds of its labels; nothing where they do not fit it."""
    several = task.labels == "multilabel"
    if true is None or (task.kind == "segmentation" and true.shape[: task.rank] != signal.shape[:-1]):
        return {}
    if task.kind == "classification":
        judged = np.atleast_1d(true) != IGNORE
        numbers = np.flatnonzero(true == 1) if several else np.atleast_1d(true)
        return {"classes": tuple(numbers.tolist()) if judged.all() else None}
    if task.rank > 1:
        return {"regions": Regions(true)}
    hidden = (true == IGNORE).any(axis=-1) if several else true == IGNORE
    segments = Segments.from_overlapping(true) if several else Segments.from_steps(true, labels.background)
    return {"segments": segments, "ignored": Segments.from_steps(hidden.astype(np.int64)) if hidden.any() else None}


def _no_classes(name: str, y: IntArray, labels: Labels) -> Problem:
    """Labels that are no class numbers: real numbers, or classes that the model does not have."""
    flat = np.asarray(y).reshape(-1)
    with np.errstate(invalid="ignore"):
        wrong = np.flatnonzero(~((flat == np.floor(flat)) & (flat >= IGNORE) & (flat < len(labels))))
    received = f"{flat[wrong[0]]:g}" if wrong.size else f"shape {np.shape(y)}"
    message = f"expected class numbers from 0 to {len(labels) - 1}, or -1 (not judged). Received {received}"
    return Problem("unknown-label", name, f"labels of {name}", message)


def _judged(part: Examples, mask: Any) -> list[Any]:
    """True where a step is judged, per recording; None where all are."""
    keeps: list[Any] = [None] * len(part.x)
    for rows in (part.weight, mask):
        if rows is not None:
            judged = [np.asarray(row) != 0 for row in rows]
            keeps = [row if keep is None else keep & row for keep, row in zip(keeps, judged, strict=True)]
    return keeps


def _truth(y: IntArray, keep: Any, labels: Labels, task: Task) -> IntArray | None:
    """What is true in the house's form; None where ``y`` holds no class numbers."""
    axes, several = (task.rank if task.kind == "segmentation" else 0), task.labels == "multilabel"
    y = np.asarray(y)
    if several:
        if y.ndim != axes + 1 or y.shape[-1] != len(labels) or not np.isin(y, (IGNORE, 0, 1)).all():
            return None
    elif y.ndim == axes + 1:
        y = y[..., 0] if y.shape[-1] == 1 else np.argmax(y, axis=-1)
    if y.ndim != axes + several or (y.dtype.kind == "f" and not np.all(np.isfinite(y) & (y == np.floor(y)))):
        return None
    true = y.astype(np.int64)
    if true.size and (true.min() < IGNORE or true.max() >= len(labels)):
        return None
    return true if keep is None else _ignored(true, np.asarray(keep), true.shape[:axes])


def _ignored(true: IntArray, keep: Any, shape: tuple[int, ...]) -> IntArray:
    """-1 where ``keep`` is False; a mask of another size is refused where the prediction is read."""
    if keep.size != np.prod(shape, dtype=int):
        return true
    kept = keep.reshape(shape)
    return np.where(kept if true.ndim == kept.ndim else kept[..., None], true, IGNORE)
