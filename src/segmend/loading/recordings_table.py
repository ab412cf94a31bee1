"""recordings.csv: the predicted classes of whole recordings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import IntArray
from segmend.errors import InputError
from segmend.formats.text import numbered_rows

COLUMNS = ("recording", "label")

Row = tuple[int, str, str]
"""Line, recording, label."""


def read_table(path: Path) -> list[Row]:
    """The rows of a table with the columns recording and label; further columns are ignored.

    Raises:
        InputError: a column is missing, or a row has too few cells.
    """
    rows = numbered_rows(path)
    line, head = next(rows, (1, []))
    names = [cell.strip() for cell in head]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise InputError(f"{path}, line {line}: expected the columns {','.join(COLUMNS)}. Received {','.join(names)}")
    return list(_cells(path, rows, [names.index(name) for name in COLUMNS]))


def _cells(path: Path, rows: Iterator[tuple[int, list[str]]], columns: list[int]) -> Iterator[Row]:
    for line, cells in rows:
        if len(cells) <= max(columns):
            raise InputError(f"{path}, line {line}: expected {max(columns) + 1} cells or more. Received {len(cells)}")
        yield line, cells[columns[0]].strip(), cells[columns[1]].strip()


def classes_of(
    path: Path, rows: Sequence[Row], names: Sequence[str], labels: Labels, *, multilabel: bool
) -> tuple[IntArray, ...]:
    """The classes of recordings in the form of the task; a row without a label says that a recording has none.

    Args:
        path: the table, for messages.
        rows: of the table.
        names: the recordings.
        labels: class names.
        multilabel: whether a recording may have several labels, or none.

    Raises:
        InputError: a row names what is not there, or a recording has no row, or two where it has one label.
    """
    known = set(names)
    found: dict[str, set[int]] = {}
    for line, name, label in rows:
        if name not in known or (label and label not in labels.names):
            raise InputError(
                f"{path}, line {line}: expected a recording that is there, and a label among "
                f'{", ".join(labels.names):.300}. Received "{name}", "{label}"'
            )
        found.setdefault(name, set()).update([labels.number(label)] if label else [])
    return tuple(_classes(path, name, found.get(name), len(labels), multilabel) for name in names)


def _classes(path: Path, name: str, has: set[int] | None, classes: int, multilabel: bool) -> IntArray:
    if has is None or (not multilabel and len(has) != 1):
        rows = "a row" if multilabel else "one row with a label"
        raise InputError(f'{path}: expected {rows} for "{name}". Received {0 if has is None else len(has)}')
    if not multilabel:
        return np.array(next(iter(has)))
    row = np.zeros(classes, np.int8)
    row[sorted(has)] = 1
    return row
