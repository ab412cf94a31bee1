"""Rich Transcription Time Marked files: who spoke when."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import ClassVar

from segmend.errors import InputError
from segmend.formats.base import AnnotationFormat, Annotations
from segmend.formats.seconds import refuse_steps, rows_of_many
from segmend.formats.text import decimal, first_line, numbered_lines, numbers, refuse_characters

SPEAKER = "SPEAKER"
OTHERS = (
    "SEGMENT",
    "NOSCORE",
    "NO_RT_METADATA",
    "LEXEME",
    "NON-LEX",
    "NON-SPEECH",
    "FILLER",
    "EDIT",
    "IP",
    "SU",
    "CB",
    "A/P",
    "SPKR-INFO",
)
BLANKS = " \t\r\n\v\f"


class Rttm(AnnotationFormat):
    """SPEAKER lines: file, channel, onset and duration in seconds, name; lines of other types are passed over.

    Source: NIST, The 2009 (RT-09) Rich Transcription Meeting Recognition Evaluation Plan, appendix A.
    """

    name: ClassVar[str] = "rttm"
    suffixes: ClassVar[tuple[str, ...]] = (".rttm",)
    holds: ClassVar[str] = "SPEAKER lines: file, channel, onset, duration (seconds), name; other types ignored"
    many: ClassVar[bool] = True

    def sniff(self, path: Path) -> bool:
        """Whether the first line is of a type that RTTM has."""
        cells = first_line(path).split()
        return bool(cells) and (cells[0].startswith(";;") or (len(cells) >= 9 and cells[0] in {SPEAKER, *OTHERS}))

    def read(self, path: Path) -> Annotations:
        """The turns, in the order of the file.

        Raises:
            InputError: a line of no known type, with too few cells, or without numbers where times should be.
        """
        lines: list[int] = []
        kept: list[list[str]] = []
        for line, text in numbered_lines(path):
            cells = text.split()
            if cells[0].startswith(";;") or cells[0] in OTHERS:
                continue
            if cells[0] != SPEAKER or len(cells) < 9:
                raise InputError(f'{path}, line {line}: expected SPEAKER and 8 cells or more. Received "{text:.80}"')
            lines.append(line)
            kept.append(cells)
        if not kept:
            raise InputError(f"{path}: expected SPEAKER lines. Received none")
        columns = [[cells[k] for cells in kept] for k in range(8)]
        onset = numbers(path, "onset", columns[3], lines)
        numbers(path, "duration", columns[4], lines)
        end = [_sum(*pair) for pair in zip(columns[3], columns[4], strict=True)]
        return rows_of_many(path, columns[1], onset, end, columns[7], lines)

    def write(self, path: Path, annotations: Annotations) -> None:
        """Write a line per row.

        Raises:
            InputError: rows in steps, or a name that is empty or has blanks in it.
        """
        refuse_steps(path, annotations)
        for name, texts in (("label", annotations.label), ("recording", annotations.recording)):
            refuse_characters(path, name, texts, BLANKS)
            if "" in texts:
                raise InputError(f"{path}: {name}: expected a name in every row. Received an empty one")
        columns = (annotations.recording, annotations.start.tolist(), annotations.end.tolist(), annotations.label)
        text = "".join(
            f"{SPEAKER} {name} 1 {decimal(start)} {_length(start, end)} <NA> <NA> {label} <NA> <NA>\n"
            for name, start, end, label in zip(*columns, strict=True)
        )
        path.write_text(text, encoding="utf-8", newline="\n")


def _sum(onset: str, duration: str) -> float:
    """The end as the file means it: a sum of decimals, where that of floats would be off in its last digits."""
    return float(Decimal(onset) + Decimal(duration))


def _length(start: float, end: float) -> str:
    return f"{Decimal(decimal(end)) - Decimal(decimal(start)):f}"
