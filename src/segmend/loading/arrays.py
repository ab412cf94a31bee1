"""``X.npy`` with ``y.npy``: equally long recordings as rows of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from segmend.core.dataset import Dataset
from segmend.core.labels import IGNORE, Labels
from segmend.core.recording import Recording
from segmend.core.segments import Segments
from segmend.core.task import Task, require_supported
from segmend.core.types import IntArray
from segmend.errors import InputError, NotYetError
from segmend.formats.npy import read_array
from segmend.loading.description import read_description
from segmend.loading.folder import refuse_unknown_names
from segmend.loading.naming import choose_labels
from segmend.loading.steps import not_whole, refuse_unknown


def load_arrays(folder: Path, *, labels: Sequence[str] | None, background: int | str | None) -> Dataset:
    """Read X.npy (recordings, steps, channels), y.npy (recordings, steps), and groups.npy and lengths.npy if there.

    Recordings are called by their row numbers; rows are cut to their lengths. Without dataset.json, class 0 is the
    background.
    """
    description = read_description(folder)
    require_supported(Task.named(description.task, len(description.labels or ())))
    signals = _signals(folder / "X.npy")
    true = _true(folder / "y.npy", signals.shape[:2])
    names = [str(row) for row in range(len(signals))]
    steps = _lengths(folder / "lengths.npy", len(signals), signals.shape[1])
    refuse_unknown_names(description, dict.fromkeys(names, 0))
    highest = int(true.max()) if true is not None and true.size else 0
    known = choose_labels(description, None, highest, labels, background)
    groups = _groups(folder / "groups.npy", len(signals)) or [description.groups.get(name, name) for name in names]
    channels = description.channels or tuple(f"channel_{k}" for k in range(signals.shape[2]))
    if len(channels) != signals.shape[2]:
        raise InputError(
            f"{folder / 'X.npy'}: expected {len(channels)} channels as in dataset.json. Received {signals.shape[2]}"
        )
    return Dataset(
        recordings=tuple(
            _recording(folder, row, signals, true, steps[row], groups[row], known) for row in range(len(signals))
        ),
        task=Task.named(description.task, len(known)),
        labels=known,
        channels=channels,
        sampling_rate_hz=description.sampling_rate_hz,
        split=description.split,
        path=folder,
    )


def _recording(
    folder: Path, row: int, signals: npt.NDArray[Any], true: IntArray | None, steps: int, group: str, labels: Labels
) -> Recording:
    segments = None
    if true is not None:
        labelled = true[row, :steps]
        refuse_unknown(folder / "y.npy", labelled, labels)
        _refuse_ignored(folder / "y.npy", row, labelled, labels.background)
        segments = Segments.from_steps(labelled, labels.background)
    return Recording(
        name=str(row), signal=signals[row, :steps], segments=segments, group=group, source=folder / "X.npy"
    )


def _signals(path: Path) -> npt.NDArray[Any]:
    values = read_array(path)
    if values.ndim == 4:
        raise NotYetError(f"{path}: images (shape {values.shape}) are not there yet")
    if values.ndim == 2:
        values = values[:, :, np.newaxis]
    if values.ndim != 3 or not values.size:
        raise InputError(f"{path}: expected shape (recordings, steps, channels). Received {values.shape}")
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
        raise NotYetError(f"{path}: one label per recording (shape {values.shape}) is classification, not there yet")
    if values.ndim == 3 and values.shape[:2] == shape:
        raise NotYetError(f"{path}: several labels per step (shape {values.shape}) are multilabel, not there yet")
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
