"""Label tracks of Audacity."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from segmend.errors import InputError
from segmend.formats.base import AnnotationFormat, Annotations
from segmend.formats.seconds import refuse_others, refuse_steps, rows_of_one
from segmend.formats.text import decimal, first_line, number, numbered_lines, numbers, refuse_characters


class Audacity(AnnotationFormat):
    """Lines start, end and label between tabs, in seconds, of the recording that names the file.

    The lines with frequency limits that Audacity writes below a spectral label begin with a backslash and are passed
    over.
    """

    name: ClassVar[str] = "audacity"
    suffixes: ClassVar[tuple[str, ...]] = (".txt",)
    holds: ClassVar[str] = "a label track NAME.txt: start, end (seconds) and label between tabs; frequencies ignored"

    def sniff(self, path: Path) -> bool:
        """Whether the first line is two numbers and at most a label between tabs."""
        cells = first_line(path).split("\t", 2)
        return len(cells) > 1 and all(number(cell) == number(cell) for cell in cells[:2])

    def read(self, path: Path) -> Annotations:
        """The labels, in the order of the track.

        Raises:
            InputError: a line without start and end, or one that holds no number there.
        """
        lines: list[int] = []
        columns: tuple[list[str], ...] = ([], [], [])
        for line, text in numbered_lines(path):
            if text.startswith("\\"):
                continue
            cells = text.split("\t", 2)
            if len(cells) < 2:
                raise InputError(
                    f'{path}, line {line}: expected start, end and label between tabs. Received "{text:.80}"'
                )
            lines.append(line)
            for column, cell in zip(columns, [*cells, ""], strict=False):
                column.append(cell)
        start, end, label = columns
        if not label:
            raise InputError(f"{path}: expected lines of start, end and label. Received none")
        return rows_of_one(path, numbers(path, "start", start, lines), numbers(path, "end", end, lines), label, lines)

    def write(self, path: Path, annotations: Annotations) -> None:
        """Write a line per row.

        Raises:
            InputError: rows in steps or of another recording, or a label with a tab or line end in it.
        """
        refuse_steps(path, annotations)
        refuse_others(path, annotations)
        refuse_characters(path, "label", annotations.label, "\t\r\n")
        rows = zip(annotations.start.tolist(), annotations.end.tolist(), annotations.label, strict=True)
        text = "".join(f"{decimal(start)}\t{decimal(end)}\t{label}\n" for start, end, label in rows)
        path.write_text(text, encoding="utf-8", newline="\n")
