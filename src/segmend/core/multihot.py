"""Labels that may overlap, as 0 or 1 for each class of each recording."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.core.dense import are_recordings, masked
from segmend.core.labels import IGNORE
from segmend.core.types import IntArray
from segmend.errors import InputError


def multihot_rows(y: Any, classes: int | None = None, mask: Any = None) -> list[IntArray]:
    """0 or 1 for each class, -1 throughout where a step is ignored.

    Args:
        y: one array ``(steps, classes)``, stacked ``(recordings, *spatial, classes)``, or a list with one array per
            recording; a step is ignored where any of its labels is -1.
        classes: number of classes, to be checked.
        mask: False where a step is ignored, shaped like ``y`` without its last axis.

    Raises:
        InputError: the values are not 0, 1 or -1, the classes differ, or the mask does not fit.

    Examples:
        >>> [row.tolist() for row in multihot_rows(np.array([[1, 1], [0, 0], [1, -1]]))]
        [[[1, 1], [0, 0], [-1, -1]]]
    """
    rows = [np.asarray(row) for row in y] if are_recordings(y) and np.ndim(y[0]) > 1 else [np.asarray(y)]
    if len(rows) == 1 and rows[0].ndim > 2 and not are_recordings(y):
        rows = list(rows[0])
    for row in rows:
        if row.ndim < 2 or row.shape[-1] != (classes or rows[0].shape[-1]):
            wanted = classes or (rows[0].shape[-1] if rows[0].ndim > 1 else "classes")
            raise InputError(f"y: expected labels of shape (*spatial, {wanted}). Received shape {row.shape}")
        if not np.isin(row, (IGNORE, 0, 1)).all():
            raise InputError("y: expected 0 or 1 for each class, or -1 (ignored). Received other values")
    judged = [np.where((row == IGNORE).any(axis=-1), IGNORE, 0) for row in rows]
    ignored = [row == IGNORE for row in masked(judged, mask)]
    return [np.where(gone[..., None], IGNORE, row).astype(np.int64) for gone, row in zip(ignored, rows, strict=True)]
