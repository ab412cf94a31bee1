"""``X.npy`` with ``y.npy``: equally long recordings, or images of one size, as rows of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from segmend.core.dataset import Dataset, Problem
from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.task import Task
from segmend.errors import InputError
from segmend.formats.npy import read_array
from segmend.loading.array_labels import ArrayLabels, read_labels_of_rows
from segmend.loading.description import Description, read_description
from segmend.loading.folder import refuse_unknown_names
from segmend.loading.marked import Asked, left_out

PIXELS = {1: ("gray",), 3: ("red", "green", "blue")}
"""What the channels of images are called, by their number."""


def load_arrays(folder: Path, *, labels: Sequence[str] | None, background: int | str | None) -> Dataset:
    """Read X.npy, y.npy, and groups.npy and lengths.npy if there; ``load_dataset`` says how.

    Recordings are called by their row numbers; rows are cut to their lengths. Without dataset.json, class 0 of labels
    of steps is the background.
    """
    description = read_description(folder)
    signals = _signals(folder / "X.npy")
    shape = signals.shape[:-1]
    names = [str(row) for row in range(len(signals))]
    steps = _lengths(folder / "lengths.npy", shape)
    refuse_unknown_names(description, dict.fromkeys(names, 0))
    true = None
    if (folder / "y.npy").exists():
        true = read_labels_of_rows(folder / "y.npy", shape, steps, description, labels, background)
    groups = _groups(folder / "groups.npy", len(signals)) or [description.groups.get(name, name) for name in names]
    recordings = tuple(
        Recording(
            name=names[row],
            signal=signals[row] if steps is None else signals[row, : steps[row]],
            group=groups[row],
            source=folder / "X.npy",
            **({} if true is None else true.marked(row)),
        )
        for row in range(len(signals))
    )
    known = _unmarked(description, labels, background) if true is None else true.labels
    task = description.task if true is None else true.form.task
    return Dataset(
        recordings=recordings,
        task=Task.named(task, len(known), rank=signals.ndim - 2),
        labels=known,
        channels=_channels(folder / "X.npy", signals, description),
        sampling_rate_hz=description.sampling_rate_hz,
        split=description.split,
        problems=_problems(recordings, true),
        path=folder,
    )


def _unmarked(description: Description, labels: Sequence[str] | None, background: int | str | None) -> Labels:
    """The classes where nothing is marked."""
    asked = Asked(description=description, labels=labels, background=background)
    return asked.of_pixels(()) if description.task == "segmentation" else asked.of_images(())


def _problems(recordings: Sequence[Recording], true: ArrayLabels | None) -> tuple[Problem, ...]:
    wrong = () if true is None else true.problems
    refused = [problem.recording for problem in wrong]
    marked = [recording.name for recording in recordings if recording.annotated]
    return (*wrong, *left_out((recording.name for recording in recordings), [*marked, *refused], "y.npy"))


def _signals(path: Path) -> npt.NDArray[Any]:
    values = read_array(path)
    if values.ndim == 2:
        values = values[:, :, np.newaxis]
    if values.ndim not in (3, 4) or not values.size:
        raise InputError(
            f"{path}: expected shape (recordings, steps, channels), or of images (recordings, height, width, "
            f"channels). Received {values.shape}"
        )
    return values


def _channels(path: Path, signals: npt.NDArray[Any], description: Description) -> tuple[str, ...]:
    width = signals.shape[-1]
    numbers = tuple(f"channel_{k}" for k in range(width))
    channels = description.channels or (PIXELS.get(width, numbers) if signals.ndim > 3 else numbers)
    if len(channels) != width:
        raise InputError(f"{path}: expected {len(channels)} channels as in dataset.json. Received {width}")
    return channels


def _lengths(path: Path, shape: tuple[int, ...]) -> list[int] | None:
    if not path.exists():
        return None
    if len(shape) > 2:
        raise InputError(f"{path}: expected none beside images, which are as large as X.npy has them. Received a file")
    recordings, steps = shape
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
