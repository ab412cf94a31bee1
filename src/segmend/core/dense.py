"""Labels in any form that people hold them in, as class numbers of each recording."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.types import IntArray
from segmend.errors import InputError


def are_recordings(y: Any) -> bool:
    """Whether ``y`` is a list with one array per recording, rather than one array."""
    return isinstance(y, list | tuple) and len(y) > 0 and np.ndim(y[0]) > 0


def dense_rows(y: Any, classes: int | None = None, mask: Any = None) -> tuple[list[IntArray], int]:
    """Class numbers of each recording, and how many classes there are.

    Args:
        y: one array ``(steps,)``, stacked ``(recordings, *spatial)``, or a list with one array per recording; or
            one-hot with one more axis, where a row of zeros is ignored.
        classes: number of classes; by default the one-hot axis or the largest class number decides.
        mask: False where a step is ignored, shaped like dense ``y``.

    Raises:
        InputError: the values are no class numbers, steps have several labels, or the mask does not fit.

    Examples:
        >>> rows, width = dense_rows([np.array([0, 2]), np.array([1, 1, 0])], mask=[[1, 0], [1, 1, 1]])
        >>> [row.tolist() for row in rows], width
        ([[0, -1], [1, 1, 0]], 2)
    """
    apart = are_recordings(y)
    arrays = [np.asarray(row) for row in y] if apart else [np.asarray(y)]
    if any(array.ndim == 0 for array in arrays):
        raise InputError("y: expected class numbers of steps. Received a single number")
    width = 0
    hot = [_from_one_hot(array, 2 if apart else 3, classes) for array in arrays]
    if all(row is not None for row in hot):
        width = arrays[0].shape[-1]
        arrays = [row for row in hot if row is not None]
    elif any(_overlapping(array, 2 if apart else 3, classes) for array in arrays):
        raise InputError(f"y: expected at most one of {classes} labels for each step. Received several (multilabel)")
    rows = [_integers(row) for row in arrays]
    if not apart and rows[0].ndim > 1:
        rows = list(rows[0])
    rows = masked(rows, mask)
    highest = max((int(row.max()) for row in rows if row.size), default=IGNORE)
    width = classes or max(width, highest + 1)
    if highest >= width:
        raise InputError(f"y: expected class numbers below {width}. Received {highest}")
    return rows, width


def _from_one_hot(array: Any, rank: int, classes: int | None) -> IntArray | None:
    """Class numbers where the last axis is one-hot, else None."""
    if array.ndim < rank or array.shape[-1] == 1 or classes not in (None, array.shape[-1]):
        return None
    total = array.sum(axis=-1)
    if not np.isin(array, (0, 1)).all() or not np.isin(total, (0, 1)).all():
        return None
    return np.where(total > 0, np.argmax(array, axis=-1), IGNORE)


def _overlapping(array: Any, rank: int, classes: int | None) -> bool:
    """Whether the last axis holds 0 or 1 for each class, several 1 among them."""
    hot = array.ndim >= rank and array.shape[-1] == classes and bool(np.isin(array, (IGNORE, 0, 1)).all())
    return hot and bool((array.sum(axis=-1) > 1).any())


def _integers(row: Any) -> IntArray:
    if row.ndim > 1 and row.shape[-1] == 1:
        row = row[..., 0]
    if row.dtype.kind not in "biuf" or not np.all(row == np.floor(row)):
        raise InputError(f"y: expected class numbers. Received {row.ravel()[:3].tolist()} of dtype {row.dtype}")
    if row.size and row.min() < IGNORE:
        raise InputError(f"y: expected class numbers from 0, or -1 (ignored). Received {row.min()}")
    return np.asarray(row, np.int64)


def masked(rows: list[IntArray], mask: Any) -> list[IntArray]:
    """The rows with -1 where the mask is False; ``mask`` as for ``dense_rows``."""
    if mask is None:
        return rows
    kept: Sequence[Any] = [mask] if len(rows) == 1 and np.ndim(mask[0]) == 0 else mask
    kept = [np.asarray(keep, bool) for keep in kept]
    if [keep.shape for keep in kept] != [row.shape for row in rows]:
        raise InputError(
            f"mask: expected shapes as in y, {[row.shape for row in rows][:3]}. "
            f"Received {[keep.shape for keep in kept][:3]}"
        )
    return [np.where(keep, row, IGNORE) for keep, row in zip(kept, rows, strict=True)]
