"""Tables of the columns recording and label: the classes of whole recordings or images."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import IntArray
from segmend.errors import InputError
from segmend.formats.text import numbered_rows

COLUMNS = ("recording", "label")

TIMES = {"start", "end", "start_s", "end_s"}

Row = tuple[int, str, str]
"""Line, recording, label."""


def names_only(path: Path) -> bool:
    """Whether a table names recordings and labels, and no times."""
    columns = _columns(path)
    return set(COLUMNS) <= columns and not columns & TIMES


def has_times(path: Path) -> bool:
    """Whether a table gives times."""
    return bool(_columns(path) & TIMES)


def read_table(path: Path) -> list[Row]:
    """The rows of a table with the columns recording and label, in small letters or capitals; others are ignored.

    Raises:
        InputError: a column is missing, or a row has too few or too many cells.
    """
    rows = numbered_rows(path)
    line, head = next(rows, (1, []))
    names = [cell.strip().lower() for cell in head]
    if not set(COLUMNS) <= set(names):
        raise InputError(f"{path}, line {line}: expected the columns {','.join(COLUMNS)}. Received {','.join(head)}")
    recording, label = (names.index(name) for name in COLUMNS)
    found = []
    for line, cells in rows:
        if len(cells) != len(names):
            raise InputError(f"{path}, line {line}: expected {len(names)} cells as in line 1. Received {len(cells)}")
        found.append((line, cells[recording].strip(), cells[label].strip()))
    return found


def several_labels(rows: Iterable[Row]) -> bool:
    """Whether some recording has two labels or more."""
    pairs = {(recording, label) for _, recording, label in rows}
    return len(pairs) > len({recording for recording, _ in pairs})


def called(rows: Iterable[Row], paths: Iterable[Path]) -> list[Row]:
    """The rows with the names of recordings for those of their files: both may stand in a table.

    Examples:
        >>> called([(2, "a.wav", "x"), (3, "b", "x"), (4, "c.wav", "x")], [Path("a.wav"), Path("b.wav")])
        [(2, 'a', 'x'), (3, 'b', 'x'), (4, 'c.wav', 'x')]
    """
    names = {path.name: path.stem for path in paths}
    stems = set(names.values())
    return [(line, name if name in stems else names.get(name, name), label) for line, name, label in rows]


def _columns(path: Path) -> set[str]:
    if path.suffix.lower() != ".csv" or not path.is_file():
        return set()
    try:
        _, head = next(numbered_rows(path), (1, []))
    except InputError:
        return set()  # whoever reads it says what is wrong
    return {cell.strip().lower() for cell in head}


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
