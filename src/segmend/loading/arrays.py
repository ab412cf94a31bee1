"""``X.npy`` with ``y.npy``: equally long recordings as rows of arrays."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from segmend.core.dataset import Dataset
from segmend.core.labels import IGNORE, Labels
from segmend.core.recording import Recording
from segmend.core.regions import Regions
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.core.types import IntArray
from segmend.errors import InputError, NotYetError
from segmend.formats.npy import read_array
from segmend.loading.description import Description, read_description
from segmend.loading.folder import refuse_unknown_names
from segmend.loading.naming import choose_labels
from segmend.loading.steps import not_whole, refuse_unknown
from segmend.loading.wholes import read_wholes


def load_arrays(folder: Path, *, labels: Sequence[str] | None, background: int | str | None) -> Dataset:
    """Read X.npy (recordings, steps, channels), y.npy (recordings, steps), and groups.npy and lengths.npy if there.

    Recordings are called by their row numbers; rows are cut to their lengths. Without dataset.json, class 0 is the
    background.
    """
    description = read_description(folder)
    signals = _signals(folder / "X.npy")
    task = Task.named(description.task, len(description.labels or ()), rank=signals.ndim - 2)
    true = _labels(folder / "y.npy", signals.shape, task)
    names = [str(row) for row in range(len(signals))]
    steps = _lengths(folder / "lengths.npy", len(signals), signals.shape[1])
    refuse_unknown_names(description, dict.fromkeys(names, 0))
    known = _known(description, true, task, labels, background)
    groups = _groups(folder / "groups.npy", len(signals)) or [description.groups.get(name, name) for name in names]
    channels = description.channels or tuple(f"channel_{k}" for k in range(signals.shape[-1]))
    if len(channels) != signals.shape[-1]:
        raise InputError(
            f"{folder / 'X.npy'}: expected {len(channels)} channels as in dataset.json. Received {signals.shape[-1]}"
        )
    return Dataset(
        recordings=tuple(
            _recording(folder, row, signals, true, steps[row], groups[row], known, task) for row in range(len(signals))
        ),
        task=dataclasses.replace(task, classes=len(known)),
        labels=known,
        channels=channels,
        sampling_rate_hz=description.sampling_rate_hz,
        split=description.split,
        path=folder,
    )


def _recording(
    folder: Path,
    row: int,
    signals: npt.NDArray[Any],
    true: IntArray | None,
    steps: int,
    group: str,
    labels: Labels,
    task: Task,
) -> Recording:
    about: dict[str, Any] = {"name": str(row), "group": group, "source": folder / "X.npy"}
    if task.kind == "classification" or task.rank > 1:
        return Recording(signal=signals[row, :steps], **about, **_marked(folder / "y.npy", row, true, labels, task))
    segments = None
    if true is not None and task.labels == "multilabel":
        segments = Segments.from_overlapping(true[row, :steps])
    elif true is not None:
        labelled = true[row, :steps]
        refuse_unknown(folder / "y.npy", labelled, labels)
        _refuse_ignored(folder / "y.npy", row, labelled, labels.background)
        segments = Segments.from_steps(labelled, labels.background)
    return Recording(signal=signals[row, :steps], segments=segments, **about)


def _marked(path: Path, row: int, true: IntArray | None, labels: Labels, task: Task) -> dict[str, Any]:
    """What is known of a whole recording, or of the pixels of an image."""
    if true is None:
        return {}
    if task.labels != "multilabel":
        refuse_unknown(path, np.atleast_1d(true[row]).ravel(), labels)
    if task.kind == "segmentation":
        return {"regions": Regions(true[row])}
    if task.labels == "multilabel":
        return {"classes": tuple(np.flatnonzero(true[row] == 1).tolist())}
    return {"classes": None if true[row] == IGNORE else (int(true[row]),)}


def _labels(path: Path, shape: tuple[int, ...], task: Task) -> IntArray | None:
    """The labels in the form that the task has; None where there is no file."""
    if not path.exists():
        return None
    multilabel = task.labels == "multilabel"
    if task.kind == "classification":
        return read_wholes(path, shape[0], multilabel=multilabel)
    if not multilabel and task.rank == 1:
        return _true(path, shape[:2])
    values = read_array(path)
    expected = shape[:-1]
    if values.shape[: len(expected)] != expected or values.ndim != len(expected) + multilabel:
        more = " and an axis of classes" if multilabel else ""
        raise InputError(f"{path}: expected shape {expected}{more} as in X.npy. Received {values.shape}")
    wrong = ~np.isin(values, (IGNORE, 0, 1)) if multilabel else not_whole(values)
    if wrong.any():
        place = np.argwhere(wrong)[0].tolist()
        what = "0 or 1 for each class" if multilabel else "class numbers"
        raise InputError(f"{path}: expected {what}. Received {values[tuple(place)]} at {place}")
    return values


def _known(
    description: Description,
    true: IntArray | None,
    task: Task,
    labels: Sequence[str] | None,
    background: int | str | None,
) -> Labels:
    """The classes; where each has its yes or no, and of whole recordings, there is no background."""
    if task.labels == "multilabel":
        names = labels or description.labels or [str(k) for k in range(0 if true is None else true.shape[-1])]
        if true is not None and len(names) != true.shape[-1]:
            raise InputError(f"labels: expected {true.shape[-1]} names as y.npy has classes. Received {len(names)}")
        return Labels.of(names, None)
    highest = int(true.max()) if true is not None and true.size else 0
    whole = task.kind == "classification"
    return choose_labels(description, None, highest, labels, None if whole and background == "auto" else background)


def _signals(path: Path) -> npt.NDArray[Any]:
    values = read_array(path)
    if values.ndim == 2:
        values = values[:, :, np.newaxis]
    if values.ndim not in (3, 4) or not values.size:
        raise InputError(
            f"{path}: expected shape (recordings, steps, channels) or (images, height, width, channels). "
            f"Received {values.shape}"
        )
    return values


def _true(path: Path, shape: tuple[int, ...]) -> IntArray | None:
    """Class numbers of shape (recordings, steps), None where there is no file."""
    if not path.exists():
        return None
    values = read_array(path)
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[:, :, 0]
    elif values.ndim == 3 and np.isin(values, (0, 1)).all() and (values.sum(axis=2) == 1).all():
        values = values.argmax(axis=2)
    if values.ndim == 1:
        raise InputError(
            f'{path}: expected "task": "classification" in dataset.json for one label per recording. '
            f"Received shape {values.shape} and the task segmentation"
        )
    if values.ndim == 3 and values.shape[:2] == shape:
        raise InputError(
            f'{path}: expected "task": "multilabel-segmentation" in dataset.json for several labels per step. '
            f"Received shape {values.shape} and the task segmentation"
        )
    if values.shape != shape:
        raise InputError(f"{path}: expected class numbers of shape {shape} as in X.npy. Received {values.shape}")
    unfit = not_whole(values)
    if unfit.any():
        row, step = np.argwhere(unfit)[0].tolist()
        raise InputError(f"{path}: expected class numbers. Received {values[row, step]} in row {row}, step {step}")
    return values.astype(np.int64)


def _lengths(path: Path, recordings: int, steps: int) -> list[int]:
    if not path.exists():
        return [steps] * recordings
    values = read_array(path)
    if values.shape != (recordings,) or not ((values >= 1) & (values <= steps) & (values == np.floor(values))).all():
        raise InputError(f"{path}: expected {recordings} lengths from 1 to {steps}. Received {values.tolist()!s:.80}")
    return [int(value) for value in values]


def _groups(path: Path, recordings: int) -> list[str] | None:
    if not path.exists():
        return None
    try:
        values = np.load(path, allow_pickle=False)
    except (ValueError, EOFError, OSError):
        raise InputError(f"{path}: expected an array of numbers or text. Received another or a damaged file") from None
    if values.shape != (recordings,):
        raise InputError(f"{path}: expected one group for each of {recordings} recordings. Received {values.shape}")
    return [str(value) for value in values.tolist()]


def _refuse_ignored(path: Path, row: int, labels: IntArray, background: int | None) -> None:
    if background is not None and (labels == IGNORE).any():
        raise NotYetError(
            f"{path}: row {row} has steps of label -1 (not judged), which DATA folders cannot hold yet; "
            "cut the recording there, and give lengths.npy"
        )
