"""Selection tables of Raven."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import numpy as np

from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.formats.base import AnnotationFormat, Annotations
from segmend.formats.headed import columns_of
from segmend.formats.seconds import recording_of, refuse_steps, rows_of_many
from segmend.formats.text import decimal, first_line, numbers, refuse_characters

BEGIN, END, OFFSET, FILE = "Begin Time (s)", "End Time (s)", "File Offset (s)", "Begin File"
SELECTION = "Selection"
LABELS = ("annotation", "label", "labels", "species", "class", "tag", "type", "common name")
"""Names, in lower case, that people give the column of labels; the first that is there counts."""

TAIL = ".selections"


class Raven(AnnotationFormat):
    """Begin and end of each selection in seconds; a selection that is listed once a view counts once.

    The column "Begin File" names the recording; without it the file does, as NAME.Table.1.selections.txt or NAME.txt.
    In tables over several files "File Offset (s)" says where in its file a selection begins.
    """

    name: ClassVar[str] = "raven"
    suffixes: ClassVar[tuple[str, ...]] = (".txt", ".tsv")
    holds: ClassVar[str] = "a selection table: begin and end (seconds), a label column; views counted once"
    many: ClassVar[bool] = True

    def sniff(self, path: Path) -> bool:
        """Whether the first line names begin and end as Raven does."""
        return {BEGIN, END} <= {name.strip() for name in first_line(path).split("\t")}

    def read(self, path: Path) -> Annotations:
        """The selections, in the order of the table.

        Raises:
            InputError: a column is missing, a row has too few or too many cells, or a time is no number.
        """
        columns, lines = columns_of(path, (BEGIN, END))
        label = _labels(path, columns)
        files = [recording_of(file) for file in columns.get(FILE, [_named_after(path)] * len(lines))]
        start, end = (numbers(path, name, columns[name], lines) for name in (BEGIN, END))
        start, end = _in_their_files(path, columns, lines, start, end)
        keep = _once(columns.get(SELECTION, [str(line) for line in lines]))
        return rows_of_many(
            path, [files[k] for k in keep], start[keep], end[keep], [label[k] for k in keep], [lines[k] for k in keep]
        )

    def write(self, path: Path, annotations: Annotations) -> None:
        """Write a selection per row; files are called NAME.wav.

        Raises:
            InputError: rows in steps, or a name with a tab or line end in it.
        """
        refuse_steps(path, annotations)
        refuse_characters(path, "label", annotations.label, "\t\r\n")
        refuse_characters(path, FILE, annotations.recording, "\t\r\n/\\?")
        header = "\t".join((SELECTION, "View", "Channel", BEGIN, END, FILE, OFFSET, "Annotation"))
        columns = (annotations.recording, annotations.start.tolist(), annotations.end.tolist(), annotations.label)
        rows = (
            f"{k}\tSpectrogram 1\t1\t{decimal(start)}\t{decimal(end)}\t{name}.wav\t{decimal(start)}\t{label}\n"
            for k, (name, start, end, label) in enumerate(zip(*columns, strict=True), 1)
        )
        path.write_text(header + "\n" + "".join(rows), encoding="utf-8", newline="\n")


def _labels(path: Path, columns: dict[str, list[str]]) -> list[str]:
    lower = {name.lower(): name for name in reversed(columns)}
    found = next((lower[name] for name in LABELS if name in lower), None)
    if found is None:
        raise InputError(f"{path}, line 1: expected a column of labels, one of {', '.join(LABELS)}. Received none")
    return columns[found]


def _named_after(path: Path) -> str:
    """The recording that Raven's own names begin with."""
    stem = path.name.removesuffix(path.suffix)
    return stem.removesuffix(TAIL).partition(".Table.")[0] if stem.endswith(TAIL) else stem


def _in_their_files(
    path: Path, columns: dict[str, list[str]], lines: list[int], start: FloatArray, end: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Times from the beginning of each file, where the table runs over several."""
    if OFFSET in columns and FILE in columns:
        offset = numbers(path, OFFSET, columns[OFFSET], lines)
        return offset, end + (offset - start)
    if len(set(columns.get(FILE, ()))) > 1:
        raise InputError(f'{path}, line 1: expected the column "{OFFSET}", since "{FILE}" differs. Received none')
    return start, end


def _once(selections: list[str]) -> list[int]:
    """The first row of each selection."""
    _, first = np.unique(np.array(selections, dtype=np.str_), return_index=True)
    return sorted(first.tolist())
