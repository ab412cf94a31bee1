"""Labels of whole recordings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from segmend.core.dataset import Problem
from segmend.core.labels import IGNORE, Labels
from segmend.core.segments import Segments
from segmend.core.types import IntArray
from segmend.errors import InputError
from segmend.formats.base import Annotations
from segmend.formats.npy import read_array
from segmend.loading.steps import not_whole
from segmend.loading.tables import tables

Classes = dict[str, tuple[int, ...]]


def classes_of_rows(
    rows: Annotations, lengths: Mapping[str, int], labels: Labels, rate: float | None, *, multilabel: bool
) -> tuple[Classes, tuple[Problem, ...]]:
    """The classes of recordings by rows that cover them.

    Args:
        rows: of an annotation file; each covers its recording from the first step to the last.
        lengths: steps of each recording.
        labels: class names.
        rate: steps per second, where rows are in seconds.
        multilabel: whether a recording may have several labels.

    Returns:
        Class numbers by recording, and what is wrong with the rows.

    Raises:
        InputError: a row covers a part of its recording, or a recording has two labels where labels exclude each other.
    """
    found, problems = tables(rows, dict(lengths), labels, rate, multilabel=True)
    classes = {name: _classes(rows.source, name, table, lengths[name], multilabel) for name, table in found.items()}
    return classes, problems


def _classes(source: str, name: str, table: Segments, steps: int, multilabel: bool) -> tuple[int, ...]:
    part = (table.start > 0) | (table.stop < steps)
    if part.any():
        first = int(np.flatnonzero(part)[0])
        raise InputError(
            f'{source}: expected rows that cover the recording "{name}" ({steps} steps), for a classification. '
            f"Received {table.start[first]} to {table.stop[first]}"
        )
    has = tuple(np.unique(table.label).tolist())
    if len(has) > 1 and not multilabel:
        raise InputError(f'{source}: expected one label for the recording "{name}". Received {len(has)}')
    return has


def read_wholes(path: Path, recordings: int, *, multilabel: bool) -> IntArray:
    """``y.npy`` of a classification.

    Returns:
        Class numbers, -1 where nothing is known, shape (recordings,); multilabel: 0 or 1, shape (recordings, classes).

    Raises:
        InputError: another shape, or other values.
    """
    values = read_array(path)
    if not multilabel and values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if not multilabel and values.ndim == 2 and np.isin(values, (0, 1)).all() and (values.sum(axis=1) == 1).all():
        values = values.argmax(axis=1)
    what = "0 or 1 of shape (recordings, classes)" if multilabel else "class numbers of shape (recordings,)"
    if values.ndim != 1 + multilabel or len(values) != recordings:
        raise InputError(f"{path}: expected {what} for {recordings} recordings as in X.npy. Received {values.shape}")
    wrong = ~np.isin(values, (0, 1)) if multilabel else not_whole(values) | (values < IGNORE)
    if wrong.any():
        place = np.argwhere(wrong)[0].tolist()
        raise InputError(f"{path}: expected {what}. Received {values[tuple(place)]} in row {place[0]}")
    return values.astype(np.int64)
