"""One label or one row of scores per step, read from .npy files and checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from segmend.core.labels import IGNORE, MOST_CLASSES, Labels
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.errors import InputError
from segmend.formats.npy import read_array


def read_scores(path: Path, *, multilabel: bool = False) -> FloatArray:
    """Scores of shape (steps, classes); one column is of class 1, or of the one label that may be there.

    Raises:
        InputError: another shape, or a number that is not finite.
    """
    rows = read_array(path)
    if rows.dtype.kind != "f":
        rows = rows.astype(np.float64)
    if rows.ndim == 1 or (rows.ndim == 2 and rows.shape[1] == 1):
        positive = rows.reshape(-1)
        if multilabel:
            return _finite(path, positive[:, None])
        rows = np.stack([1 - positive, positive], axis=1)
    if rows.ndim != 2 or not rows.shape[1]:
        raise InputError(f"{path}: expected scores of shape (steps, classes). Received {rows.shape}")
    return _finite(path, rows)


def _finite(path: Path, rows: FloatArray) -> FloatArray:
    finite = np.isfinite(rows)
    if not finite.all():
        step, column = np.argwhere(~finite)[0].tolist()
        raise InputError(
            f"{path}: expected finite scores. Received {rows[step, column]} at step {step}, class {column}"
        )
    return rows


def read_labels(path: Path) -> IntArray:
    """Class numbers of shape (steps,).

    Raises:
        InputError: another shape, or numbers that are not whole.
    """
    row = read_array(path)
    if row.ndim == 2 and row.shape[1] == 1:
        row = row[:, 0]
    if row.ndim != 1:
        raise InputError(f"{path}: expected class numbers of shape (steps,). Received {row.shape}")
    broken = np.flatnonzero(not_whole(row))
    if broken.size:
        raise InputError(f"{path}: expected whole class numbers. Received {row[broken[0]]} at step {broken[0]}")
    return row.astype(np.int64)


def read_overlapping(path: Path, classes: int) -> IntArray:
    """0 or 1 for each class, shape (steps, classes), -1 where a step is not judged.

    Raises:
        InputError: another shape, or other numbers.
    """
    rows = read_array(path)
    if rows.ndim == 1:
        rows = rows[:, None]
    if rows.ndim != 2 or rows.shape[1] != classes:
        raise InputError(f"{path}: expected 0 or 1 for each class, shape (steps, {classes}). Received {rows.shape}")
    wrong = np.argwhere(~np.isin(rows, (IGNORE, 0, 1)))
    if len(wrong):
        step, column = wrong[0].tolist()
        raise InputError(f"{path}: expected 0 or 1. Received {rows[step, column]} at step {step}, class {column}")
    return rows.astype(np.int8)


def not_whole(values: npt.NDArray[Any]) -> BoolArray:
    """Where there is no class number: a fraction, NaN, an infinity, or a number beyond any count of classes."""
    wrong: BoolArray = (values != np.floor(values)) | (np.abs(values) >= MOST_CLASSES)
    return wrong


def refuse_differing(files: Sequence[Path], prob: Sequence[FloatArray], true: Sequence[IntArray] | None) -> None:
    """Refuse scores of another length than the labels, or of another number of classes than the first file.

    Raises:
        InputError: naming the file.
    """
    for k, (path, rows) in enumerate(zip(files, prob, strict=True)):
        if rows.shape[1] != prob[0].shape[1]:
            raise InputError(
                f"{path}: expected {prob[0].shape[1]} classes as in {files[0].name}. Received {rows.shape[1]}"
            )
        if true is not None and len(rows) != len(true[k]):
            raise InputError(f"{path}: expected {len(true[k])} steps as in labels/{path.name}. Received {len(rows)}")


def refuse_unknown(path: Path, row: IntArray, labels: Labels) -> None:
    """Refuse class numbers that no class has.

    Raises:
        InputError: naming the file, the number and its step.
    """
    wrong = np.flatnonzero((row < IGNORE) | (row >= len(labels)))
    if wrong.size:
        raise InputError(
            f"{path}: expected class numbers from 0 to {len(labels) - 1}, or -1 (not judged). "
            f"Received {row[wrong[0]]} at step {wrong[0]}"
        )
