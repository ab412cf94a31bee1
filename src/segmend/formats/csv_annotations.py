"""Segments of many recordings as comma-separated text."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np

from segmend.core.types import IntArray
from segmend.errors import InputError
from segmend.formats.base import AnnotationFormat, Annotations
from segmend.formats.text import numbered_rows, numbers, open_text

STEPS = ("recording", "start", "end", "label")
SECONDS = ("recording", "start_s", "end_s", "label")


class CsvAnnotations(AnnotationFormat):
    """Rows ``recording,start,end,label`` in steps, or ``recording,start_s,end_s,label`` in seconds; half-open."""

    name: ClassVar[str] = "csv"
    suffixes: ClassVar[tuple[str, ...]] = (".csv",)
    holds: ClassVar[str] = "rows recording,start,end,label (half-open steps) or start_s,end_s (seconds); others ignored"
    many: ClassVar[bool] = True

    def sniff(self, path: Path) -> bool:
        """Whether the first line names the columns."""
        try:
            with open_text(path) as file:
                header = next(csv.reader(file), [])
        except (InputError, csv.Error, UnicodeDecodeError):
            return False
        names = [cell.strip() for cell in header]
        return all(name in names for name in STEPS) or all(name in names for name in SECONDS)

    def read(self, path: Path) -> Annotations:
        """The rows of a file, in its order; further columns are ignored.

        Raises:
            InputError: columns are missing, a row has too few or too many cells, or a start or end is no number.
        """
        rows = numbered_rows(path)
        _, header = next(rows, (1, []))
        names = [cell.strip() for cell in header]
        unit, columns = _columns(path, names)
        lines: list[int] = []
        kept: tuple[list[str], ...] = ([], [], [], [])
        for line, cells in rows:
            if len(cells) != len(names):
                raise InputError(
                    f"{path}, line {line}: expected {len(names)} cells as in line 1. Received {len(cells)}"
                )
            lines.append(line)
            for column, cell in zip(kept, columns, strict=True):
                column.append(cells[cell])
        recording, start, end, label = kept
        convert = _whole if unit == "steps" else numbers
        return Annotations(
            recording=tuple(map(str.strip, recording)),
            start=convert(path, names[columns[1]], start, lines),
            end=convert(path, names[columns[2]], end, lines),
            label=tuple(map(str.strip, label)),
            line=np.array(lines, np.int64),
            unit=unit,
            source=path.name,
        )

    def write(self, path: Path, annotations: Annotations) -> None:
        """Write the rows under the header of their unit."""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(STEPS if annotations.unit == "steps" else SECONDS)
            writer.writerows(
                zip(
                    annotations.recording,
                    annotations.start.tolist(),
                    annotations.end.tolist(),
                    annotations.label,
                    strict=True,
                )
            )


def _columns(path: Path, names: list[str]) -> tuple[Literal["steps", "seconds"], tuple[int, int, int, int]]:
    """The unit and where recording, start, end and label stand."""
    unit: Literal["steps", "seconds"] = "steps" if all(name in names for name in STEPS) else "seconds"
    wanted = STEPS if unit == "steps" else SECONDS
    if not all(name in names for name in wanted):
        raise InputError(
            f'{path}, line 1: expected the columns "{",".join(STEPS)}" (steps) or "{",".join(SECONDS)}" (seconds). '
            f'Received "{",".join(names)}"'
        )
    twice = [name for name in wanted if names.count(name) > 1]
    if twice:
        raise InputError(f'{path}, line 1: expected each column once. Received "{twice[0]}" twice')
    recording, start, end, label = (names.index(name) for name in wanted)
    return unit, (recording, start, end, label)


def _whole(path: Path, name: str, cells: list[str], lines: list[int]) -> IntArray:
    """One column as whole numbers."""
    values = numbers(path, name, cells, lines)
    broken = np.flatnonzero(values != np.floor(values))
    if broken.size:
        raise InputError(
            f"{path}, line {lines[broken[0]]}: {name}: expected a whole number of steps "
            f"(seconds go into the columns start_s,end_s). Received {cells[broken[0]]}"
        )
    return values.astype(np.int64)
