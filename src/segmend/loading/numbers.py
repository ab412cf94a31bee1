"""Predictions of images and of whole recordings, read from a PREDICTIONS folder and checked."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.types import FloatArray, IntArray
from segmend.errors import InputError
from segmend.formats.npy import read_array
from segmend.loading.masks import open_masks
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


def read_numbers(path: Path, shape: tuple[int, ...] | None, *, most: int | None = None) -> IntArray:
    """Whole numbers of a shape: class numbers, 0 and 1 for each class, or numbers of objects.

    Args:
        path: a .npy file, or a mask as an image.
        shape: expected; None takes any.
        most: highest number that has a meaning; None takes any.

    Raises:
        InputError: another shape, or other numbers.
    """
    values = read_array(path) if path.suffix == ".npy" else np.asarray(open_masks({path.stem: path})[path.stem])
    if shape is not None and values.shape != shape:
        raise InputError(f"{path}: expected {shape} as in the other files of {path.stem}. Received {values.shape}")
    wrong = values != np.floor(values) if most is None else not_whole(values) | (values > most)
    wrong = wrong | (values < IGNORE)
    if wrong.any():
        place = tuple(np.argwhere(wrong)[0].tolist())
        limit = "" if most is None else f" from -1 to {most}"
        raise InputError(f"{path}: expected whole numbers{limit}. Received {values[place]} at {list(place)}")
    return values.astype(np.int64)
