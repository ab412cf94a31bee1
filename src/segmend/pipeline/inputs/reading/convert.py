"""Labels and probabilities of one recording in the house's own form."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.core.labels import IGNORE, MOST_CLASSES
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.errors import InputError


def dense(where: str, rows: Any, rank: int) -> IntArray:
    """Class numbers, shape (*spatial), from class numbers or one-hot rows.

    Raises:
        InputError: they are no class numbers, or a row carries several labels.
    """
    _numbers(where, rows, "class numbers")
    if rows.ndim == rank + 1 and rows.shape[-1] == 1:
        rows = rows[..., 0]
    if rows.ndim == rank + 1:
        return _from_one_hot(where, rows)
    if rows.dtype.kind == "f":
        refuse_first(where, rows, ~np.isfinite(rows) | (rows != np.floor(rows)), "class numbers")
    refuse_first(where, rows, rows >= MOST_CLASSES, f"class numbers below {MOST_CLASSES}")
    return np.asarray(rows, np.int64)


def whole(where: str, rows: Any) -> IntArray:
    """Whole numbers from 0.

    Raises:
        InputError: they are none.
    """
    if rows.dtype.kind not in "biu":
        raise InputError(f"{where}: expected whole numbers. Received dtype {rows.dtype}")
    refuse_first(where, rows, rows < 0, "whole numbers from 0")
    return np.asarray(rows, np.int64)


def multi_hot(where: str, rows: Any, rank: int, classes: int) -> IntArray:
    """0 or 1 for each class, shape (*spatial, classes), int8; -1 where the step is not judged.

    Raises:
        InputError: they hold other numbers, or another number of classes.
    """
    _numbers(where, rows, "0 or 1 for each class")
    if rows.ndim == rank:
        rows = rows[..., None]
    if rows.shape[-1] != classes:
        raise InputError(f"{where}: expected 0 or 1 for each of {classes} classes. Received shape {rows.shape}")
    refuse_first(where, rows, ~np.isin(rows, (IGNORE, 0, 1)), "0 or 1 for each class, or -1 (not judged)")
    return np.asarray(rows, np.int8)


def probabilities(where: str, rows: Any, rank: int, multilabel: bool) -> FloatArray:
    """Shape (*spatial, classes); of a single channel, the probability of class 1, two classes are made.

    Raises:
        InputError: they are no finite numbers of that shape.
    """
    _numbers(where, rows, "numbers")
    if not np.issubdtype(rows.dtype, np.floating):
        rows = rows.astype(np.float64)
    if rows.ndim == rank:
        rows = rows[..., None]
    if rows.ndim != rank + 1 or not rows.shape[-1]:
        form = ("classes,", "steps, classes", "height, width, classes", "*spatial, classes")[min(rank, 3)]
        raise InputError(f"{where}: expected shape ({form}). Received shape {rows.shape}")
    bad = ~np.isfinite(rows)
    if bad.any():
        *place, column = np.argwhere(bad)[0].tolist()
        raise InputError(
            f"{where}: expected finite numbers. Received {rows[(*place, column)]}{_at(place)}, class {column}"
        )
    return rows if multilabel or rows.shape[-1] > 1 else np.concatenate([1 - rows, rows], axis=-1)


def ignored(rows: IntArray, keep: BoolArray) -> IntArray:
    """The labels with -1 where ``keep`` is False."""
    return np.where(keep if keep.ndim == rows.ndim else keep[..., None], rows, IGNORE)


def refuse_first(where: str, rows: Any, wrong: BoolArray, expected: str) -> None:
    """Refuse the first wrong entry, if there is one.

    Raises:
        InputError: naming it and its place.
    """
    if wrong.any():
        place = np.argwhere(wrong)[0].tolist()
        raise InputError(f"{where}: expected {expected}. Received {rows[tuple(place)]}{_at(place)}")


def _at(place: list[int]) -> str:
    if not place:
        return ""
    return f" at step {place[0]}" if len(place) == 1 else f" at {tuple(place)}"


def _numbers(where: str, rows: Any, expected: str) -> None:
    if rows.dtype == object or rows.dtype.kind not in "biuf":
        raise InputError(f"{where}: expected {expected}. Received dtype {rows.dtype}")


def _from_one_hot(where: str, rows: Any) -> IntArray:
    judged = rows.min(axis=-1) > IGNORE
    wrong = ~np.isin(rows, (0, 1)).all(axis=-1) & judged
    if wrong.any():
        raise InputError(
            f"{where}: expected one-hot rows of 0 and 1. Received values from {rows.min()} to {rows.max()}"
        )
    total = rows.sum(axis=-1)
    wrong = (total != 1) & judged
    if wrong.any():
        place = np.argwhere(wrong)[0].tolist()
        raise InputError(
            f"{where}: expected one label per step. Received {int(total[tuple(place)])} labels{_at(place)}; "
            'labels that may overlap are task="multilabel-segmentation"'
        )
    return np.where(judged, np.argmax(rows, axis=-1), IGNORE)
