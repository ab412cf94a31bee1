"""Sound events as the DCASE challenges write them."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from segmend.formats.base import AnnotationFormat, Annotations
from segmend.formats.headed import columns_of
from segmend.formats.seconds import recording_of, refuse_steps, rows_of_many
from segmend.formats.text import decimal, first_line, numbers, refuse_characters

COLUMNS = ("filename", "onset", "offset", "event_label")


class Dcase(AnnotationFormat):
    """Columns filename, onset, offset and event_label between tabs, in seconds; others are ignored."""

    name: ClassVar[str] = "dcase"
    suffixes: ClassVar[tuple[str, ...]] = (".tsv", ".txt")
    holds: ClassVar[str] = "columns filename, onset, offset (seconds), event_label between tabs; others ignored"
    many: ClassVar[bool] = True

    def sniff(self, path: Path) -> bool:
        """Whether the first line names the columns."""
        return set(COLUMNS) <= {name.strip() for name in first_line(path).split("\t")}

    def read(self, path: Path) -> Annotations:
        """The events, in the order of the file; a recording is called by its file without folder and suffix.

        Raises:
            InputError: a column is missing, a row has too few or too many cells, or a time is no number.
        """
        columns, lines = columns_of(path, COLUMNS)
        file, onset, offset, label = (columns[name] for name in COLUMNS)
        start, end = numbers(path, "onset", onset, lines), numbers(path, "offset", offset, lines)
        return rows_of_many(path, list(map(recording_of, file)), start, end, label, lines)

    def write(self, path: Path, annotations: Annotations) -> None:
        """Write a row per event; files are called NAME.wav.

        Raises:
            InputError: rows in steps, or a name with a tab or line end in it.
        """
        refuse_steps(path, annotations)
        refuse_characters(path, "event_label", annotations.label, "\t\r\n")
        refuse_characters(path, "filename", annotations.recording, "\t\r\n/\\?")
        rows = zip(
            annotations.recording,
            annotations.start.tolist(),
            annotations.end.tolist(),
            annotations.label,
            strict=True,
        )
        text = "".join(f"{name}.wav\t{decimal(start)}\t{decimal(end)}\t{label}\n" for name, start, end, label in rows)
        path.write_text("\t".join(COLUMNS) + "\n" + text, encoding="utf-8", newline="\n")
