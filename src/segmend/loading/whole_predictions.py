"""Predictions of images and of whole recordings, read from a PREDICTIONS folder and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from segmend.core.labels import IGNORE, Labels
from segmend.core.types import FloatArray, IntArray
from segmend.core.undecoded import undecoded
from segmend.errors import InputError
from segmend.formats.npy import read_array
from segmend.formats.text import numbered_rows
from segmend.loading.steps import not_whole


def read_probabilities(path: Path, rank: int | None = None) -> FloatArray:
    """Scores with the classes last, of (*spatial, classes).

    Args:
        path: a .npy file.
        rank: number of spatial axes; None takes any.

    Raises:
        InputError: another number of axes, or a number that is not finite.
    """
    values = read_array(path)
    if values.dtype.kind != "f":
        values = values.astype(np.float64)
    if values.ndim < 1 or (rank is not None and values.ndim != rank + 1):
        raise InputError(f"{path}: expected scores of {rank} spatial axes and classes. Received {values.shape}")
    if not np.isfinite(values).all():
        place = np.argwhere(~np.isfinite(values))[0].tolist()
        raise InputError(f"{path}: expected finite scores. Received {values[tuple(place)]} at {place}")
    return values


def read_numbers(path: Path, shape: tuple[int, ...], *, most: int | None = None) -> IntArray:
    """Whole numbers of a shape: class numbers, 0 and 1 for each class, or numbers of objects.

    Args:
        path: a .npy file.
        shape: expected.
        most: highest number that has a meaning; None takes any.

    Raises:
        InputError: another shape, or other numbers.
    """
    values = read_array(path)
    if values.shape != shape:
        raise InputError(f"{path}: expected shape {shape} as in scores/{path.name}. Received {values.shape}")
    wrong = values != np.floor(values) if most is None else not_whole(values) | (values > most)
    wrong = wrong | (values < IGNORE)
    if wrong.any():
        place = tuple(np.argwhere(wrong)[0].tolist())
        limit = "" if most is None else f" from -1 to {most}"
        raise InputError(f"{path}: expected whole numbers{limit}. Received {values[place]} at {list(place)}")
    return values.astype(np.int64)


def read_recordings(path: Path, names: Sequence[str], labels: Labels, *, multilabel: bool) -> tuple[IntArray, ...]:
    """The decoded classes of whole recordings, from rows of recording and label.

    Raises:
        InputError: a row names what is not there, or a recording has no row, or two where it has one label.
    """
    found: dict[str, list[int]] = {}
    rows = numbered_rows(path)
    next(rows, None)
    for line, cells in rows:
        if len(cells) != 2 or cells[0] not in names:
            raise InputError(f"{path}, line {line}: expected a recording with scores, and a label. Received {cells}")
        found.setdefault(cells[0], []).extend([labels.number(cells[1])] if cells[1] else [])
    return tuple(_classes(path, name, found.get(name), len(labels), multilabel) for name in names)


def _classes(path: Path, name: str, has: list[int] | None, classes: int, multilabel: bool) -> IntArray:
    if has is None or (not multilabel and len(has) != 1):
        rows = "a row" if multilabel else "one row with a label"
        raise InputError(f'{path}: expected {rows} for "{name}". Received {0 if has is None else len(has)}')
    if not multilabel:
        return np.array(has[0])
    row = np.zeros(classes, np.int8)
    row[has] = 1
    return row


def read_each(
    folder: Path, prob: Mapping[str, FloatArray], labels: Labels, *, multilabel: bool
) -> tuple[IntArray, ...] | None:
    """Labels or masks of all recordings, shaped like their scores; None where there is no folder.

    Raises:
        InputError: a file is missing, or does not fit its scores.
    """
    if not folder.is_dir():
        return None
    most = 1 if multilabel else len(labels) - 1
    shapes = {name: rows.shape if multilabel else rows.shape[:-1] for name, rows in prob.items()}
    return tuple(read_numbers(_file(folder, name), shape, most=most) for name, shape in shapes.items())


def read_objects(folder: Path, prob: Mapping[str, FloatArray]) -> tuple[IntArray, ...] | None:
    """Numbers of objects of all images; None where there is no folder."""
    if not folder.is_dir():
        return None
    return tuple(read_numbers(_file(folder, name), rows.shape[:-1]) for name, rows in prob.items())


def decoded(folder: Path, prob: Mapping[str, FloatArray], labels: Labels, rank: int, *, multilabel: bool) -> Any:
    """What was decoded, or else what the scores say."""
    found: tuple[IntArray, ...] | None = None
    if rank == 0 and (folder / "recordings.csv").is_file():
        found = read_recordings(folder / "recordings.csv", tuple(prob), labels, multilabel=multilabel)
    elif rank:
        found = read_each(folder / "masks", prob, labels, multilabel=multilabel)
    return found or tuple(undecoded(rows, multilabel=multilabel) for rows in prob.values())


def _file(folder: Path, name: str) -> Path:
    path = folder / f"{name}.npy"
    if not path.is_file():
        raise InputError(f"{folder}: expected {name}.npy, as there are scores of it. Received no such file")
    return path
