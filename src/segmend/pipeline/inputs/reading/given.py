"""One argument with one entry per recording, before it is known what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from segmend.core.segments import Segments
from segmend.core.tensors import as_numpy
from segmend.errors import InputError


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """An argument.

    Attributes:
        name: as users write it.
        rows: one array (or number) per recording, all of one rank.
        rank: number of axes, that of the recordings included; 0 where there is no recording.
        stacked: whether it came as one array.
    """

    name: str
    rows: list[Any]
    rank: int
    stacked: bool

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def width(self) -> int:
        """Length of the last axis, 0 where there is none."""
        return int(np.shape(self.rows[0])[-1]) if self.rows and self.rank > 1 else 0

    def holds_only(self, *values: int) -> bool:
        """Whether there is no other number in it."""
        return all(np.isin(row, values).all() for row in self.rows)


def given(name: str, values: Any) -> Given | None:
    """The argument, None where it was left out.

    Raises:
        InputError: the entries are no arrays of one rank.
    """
    if values is None:
        return None
    if not isinstance(values, list | tuple):
        array = as_array(name, values)
        if array.dtype == object:
            raise InputError(f"{name}: expected numbers, or a list of arrays. Received an array of objects")
        if array.ndim == 0:
            raise InputError(f"{name}: expected one entry per recording. Received a single number")
        return Given(name, list(array), array.ndim, stacked=True)
    rows = [as_array(f"{name}[{k}]", row) for k, row in enumerate(values)]
    for k, row in enumerate(rows):
        if row.ndim != rows[0].ndim:
            raise InputError(
                f"{name}[{k}]: expected {rows[0].ndim} axes as in {name}[0], of shape {rows[0].shape}. "
                f"Received shape {row.shape}"
            )
    return Given(name, rows, 1 + rows[0].ndim if rows else 0, stacked=bool(rows) and rows[0].ndim == 0)


def as_array(where: str, rows: Any) -> Any:
    """An entry as an array.

    Raises:
        InputError: it holds rows of unequal length.
    """
    try:
        return as_numpy(rows)
    except ValueError:
        raise InputError(f"{where}: expected an array. Received rows of unequal length") from None


def are_tables(values: Any) -> bool:
    """Whether an argument is a list of tables of segments."""
    return isinstance(values, list | tuple) and bool(values) and all(isinstance(table, Segments) for table in values)
