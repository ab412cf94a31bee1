"""Signals as comma-separated text."""

from __future__ import annotations

import csv
import warnings
from array import array
from pathlib import Path
from typing import ClassVar

import numpy as np

from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.formats.base import Signal, SignalFormat
from segmend.formats.text import numbered_rows, open_text

WIDEST = 1 << 22
"""Characters of a line, at most, that are looked at to tell the format."""


class CsvSignal(SignalFormat):
    """A header with one name per channel, then one row of numbers per step; an empty cell is a missing sample."""

    name: ClassVar[str] = "csv"
    suffixes: ClassVar[tuple[str, ...]] = (".csv",)
    holds: ClassVar[str] = "a header of channel names, one row of numbers per step; an empty cell is NaN"

    def sniff(self, path: Path) -> bool:
        """Whether the first line is text that names columns and the second, where there is one, holds numbers."""
        try:
            with open_text(path) as file:
                lines = [file.readline(WIDEST) for _ in range(2)]
            header, first = (next(csv.reader([line]), []) for line in lines)
        except (InputError, csv.Error, UnicodeDecodeError):
            return False
        names = bool(header) and all(cell.isprintable() for cell in header) and not any(map(_is_number, header))
        numbers = all(not cell.strip() or _is_number(cell) for cell in first)
        return names and numbers and len(first) in (0, len(header)) and lines[0][-1] in "\r\n"

    def open(self, path: Path) -> Signal:
        """The numbers as float64, in memory, and the channels' names.

        Raises:
            InputError: no header, a row with too few or too many cells, or text where a number should be.
        """
        header = _header(path)
        values = _load(path)
        if values is None or values.shape[1] != len(header):
            values = _parse(path, header)
        return Signal(values, None, tuple(header))

    def write(self, path: Path, signal: Signal) -> None:
        """Write a row per step, with digits enough to read the same numbers back."""
        names = signal.channels or tuple(f"channel_{k}" for k in range(signal.values.shape[1]))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(names)
            for first in range(0, len(signal.values), 4096):
                writer.writerows(np.asarray(signal.values[first : first + 4096], np.float64).tolist())


def _header(path: Path) -> list[str]:
    _, cells = next(numbered_rows(path), (1, []))
    names = [cell.strip() for cell in cells]
    if not names or any(map(_is_number, names)) or not all(names):
        raise InputError(f'{path}, line 1: expected channel names. Received "{",".join(cells)[:80]}"')
    if len(set(names)) != len(names):
        raise InputError(f'{path}, line 1: expected distinct channel names. Received "{",".join(cells)[:200]}"')
    return names


def _load(path: Path) -> FloatArray | None:
    """The numbers by NumPy's fast reader; None where it gives up: it knows no lines, empty cells or quotes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)  # no rows at all
            return np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2, comments=None, encoding="utf-8-sig")
    except (ValueError, UserWarning):
        return None


def _parse(path: Path, header: list[str]) -> FloatArray:
    """The numbers, cell by cell."""
    values = array("d")
    rows = numbered_rows(path)
    next(rows)
    for line, cells in rows:
        if len(cells) != len(header):
            raise InputError(f"{path}, line {line}: expected {len(header)} cells as in line 1. Received {len(cells)}")
        for name, cell in zip(header, cells, strict=True):
            try:
                values.append(float(cell) if cell.strip() else np.nan)
            except ValueError:
                raise InputError(
                    f'{path}, line {line}, column "{name}": expected a number. Received "{cell}"'
                ) from None
    return np.frombuffer(values, np.float64).reshape(-1, len(header)) if values else np.zeros((0, len(header)))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
