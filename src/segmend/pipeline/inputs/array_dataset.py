"""Arrays as a Dataset, so that the same fingerprint and rules read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from segmend.core.dataset import Dataset, Problem
from segmend.core.labels import IGNORE, Labels
from segmend.core.recording import Recording
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
    def mask(self) -> Any:
        """False where a step of ``x`` is not judged."""


def dataset_of(parts: Mapping[str, Examples], labels: Labels, question: Reading) -> Dataset | None:
    """A Dataset whose recordings are named "x[0]" or "validation_data[0]"; None where arrays are no signals.

    Args:
        parts: examples by role; "" where there is no split.
        labels: class names and the background.
        question: groups and mask of the part that is not held out.
    """
    recordings, split, problems = [], {}, []
    for role, part in parts.items():
        ours = role != "val"
        if any(rows.ndim not in (1, 2) for rows in part.x):
            return None
        names = [f"{NAMES[role]}[{k}]" for k in range(len(part.x))]
        groups = question.groups if ours and question.groups is not None else names
        judged = _judged(part, question.mask if ours else None)
        for name, group, signal, y, keep in zip(names, groups, part.x, part.y, judged, strict=True):
            steps = _steps(y, keep, labels)
            recordings.append(_recording(name, str(group), signal, steps, labels))
            if steps is None:
                problems.append(_no_classes(name, y, labels))
        if role:
            split[role] = tuple(names)
    if len({recording.signal.shape[1] for recording in recordings}) != 1:
        return None
    return Dataset(
        recordings=tuple(recordings),
        task=Task("segmentation", "multiclass", 1, len(labels)),
        labels=labels,
        channels=tuple(str(k) for k in range(recordings[0].signal.shape[1])),
        split=split,
        problems=tuple(problems),
    )


def _recording(name: str, group: str, signal: FloatArray, steps: IntArray | None, labels: Labels) -> Recording:
    signal = signal[:, None] if signal.ndim == 1 else signal
    fits = steps is not None and len(steps) == len(signal)
    segments = Segments.from_steps(steps, labels.background) if fits and steps is not None else None
    return Recording(name=name, signal=signal, segments=segments, group=group)


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
            judged = [np.asarray(row).reshape(-1) != 0 for row in rows]
            keeps = [row if keep is None else keep & row for keep, row in zip(keeps, judged, strict=True)]
    return keeps


def _steps(y: IntArray, keep: Any, labels: Labels) -> IntArray | None:
    """Class number of each step; None where ``y`` holds no class numbers."""
    if y.ndim == 2:
        y = y[:, 0] if y.shape[1] == 1 else np.argmax(y, axis=1)
    if y.ndim != 1 or (y.dtype.kind == "f" and not np.all(np.isfinite(y) & (y == np.floor(y)))):
        return None
    steps = y.astype(np.int64)
    if steps.size and (steps.min() < IGNORE or steps.max() >= len(labels)):
        return None
    return steps if keep is None else np.where(keep[: len(steps)], steps, IGNORE)
