"""Signals as Parquet, a column a channel."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from segmend.core.extras import need
from segmend.errors import InputError
from segmend.formats.base import Signal, SignalFormat
from segmend.formats.lazy import Lazy, settled
from segmend.formats.said import RATE, rate_of

MAGIC = b"PAR1"

GROUP = 1 << 16
"""Rows that are written as one group: a window in a long file costs the decoding of its groups."""


class Parquet(SignalFormat):
    """One column of numbers per channel, one row per step; a null is a missing sample.

    Long files are read a row group at a time. The rate may stand in the file's metadata, as "sampling_rate_hz".
    """

    name: ClassVar[str] = "parquet"
    suffixes: ClassVar[tuple[str, ...]] = (".parquet",)
    holds: ClassVar[str] = "a column of numbers per channel, a row per step; a null is NaN; read in row groups"
    extra: ClassVar[str] = "arrow"

    def sniff(self, path: Path) -> bool:
        """Whether the file begins as Parquet does."""
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC

    def open(self, path: Path) -> Signal:
        """The columns, and their names.

        Raises:
            InputError: no Parquet file, a damaged one, or a column without numbers.
            MissingDependencyError: pyarrow is not installed.
        """
        parquet = need("pyarrow.parquet", self.extra, path)
        try:
            schema, metadata = parquet.read_schema(path), parquet.read_metadata(path)
        except (OSError, ValueError) as error:
            raise InputError(f"{path}: expected a whole Parquet file. Received: {_said(error)}") from None
        text = [f"{field.name} ({field.type})" for field in schema if not _is_number(path, field.type)]
        if text:
            raise InputError(f"{path}: expected columns of numbers. Received {', '.join(text):.200}")
        rows = [metadata.row_group(k).num_rows for k in range(metadata.num_row_groups)]
        return Signal(
            settled(Grouped(path, rows, len(schema))),
            rate_of(path, (schema.metadata or {}).get(RATE.encode())),
            tuple(schema.names),
        )

    def write(self, path: Path, signal: Signal) -> None:
        """Write the columns, of the type that the values have; the rate goes into the metadata.

        Raises:
            MissingDependencyError: pyarrow is not installed.
        """
        arrow, parquet = need("pyarrow", self.extra, path), need("pyarrow.parquet", self.extra, path)
        values = np.asarray(signal.values)
        names = signal.channels or tuple(f"channel_{k}" for k in range(values.shape[1]))
        metadata = {} if signal.sampling_rate_hz is None else {RATE: repr(signal.sampling_rate_hz)}
        table = arrow.table([np.ascontiguousarray(column) for column in values.T], names=list(names), metadata=metadata)
        parquet.write_table(table, path, row_group_size=GROUP)


class Grouped(Lazy):
    """Columns whose row groups are decoded when a step of theirs is asked for."""

    def __init__(self, path: Path, rows: list[int], columns: int) -> None:
        super().__init__((sum(rows), columns), np.float64)
        self._path = path
        self._edges = np.cumsum([0, *rows])

    def rows(self, first: int, last: int) -> npt.NDArray[Any]:
        """Steps as float64.

        Raises:
            InputError: the file is damaged there.
        """
        parquet = need("pyarrow.parquet", Parquet.extra, self._path)
        low = int(np.searchsorted(self._edges, first, side="right")) - 1
        groups = list(range(low, int(np.searchsorted(self._edges, last, side="left"))))
        if not groups:
            return np.zeros((0, self.shape[1]))
        try:
            with parquet.ParquetFile(self._path) as file:
                table = file.read_row_groups(groups)
        except (OSError, ValueError) as error:
            raise InputError(f"{self._path}: expected a whole Parquet file. Received: {_said(error)}") from None
        values = np.empty((table.num_rows, self.shape[1]))
        for k, column in enumerate(table.columns):
            values[:, k] = column.cast("float64").to_numpy()
        return values[first - self._edges[low] : last - self._edges[low]]


def _is_number(path: Path, kind: Any) -> bool:
    types = need("pyarrow", Parquet.extra, path).types
    return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind))


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
