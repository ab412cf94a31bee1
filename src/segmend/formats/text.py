"""Reading and writing text with the line of every row at hand."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from segmend.core.types import FloatArray
from segmend.errors import InputError

LARGEST = 2.0**53
"""Beyond it steps could not be told apart."""

HEAD = 1 << 16
"""Characters of a file, at most, that tell its format."""


def open_text(path: Path) -> TextIO:
    """A UTF-8 text file, with or without a byte order mark.

    Raises:
        InputError: there is no such file, or it cannot be opened.
    """
    try:
        return path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise InputError(f"{path}: expected a text file. Received: {error.strerror}") from None


def read_json(path: Path, what: str) -> Any:
    """What a JSON file holds, with or without a byte order mark.

    Args:
        path: the file.
        what: it should hold, for messages.

    Raises:
        InputError: it cannot be opened, is no UTF-8 or no JSON, or is nested too deeply.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise InputError(f"{path}, line {error.lineno}: expected JSON. Received: {error.msg.lower()}") from None
    except RecursionError:
        raise InputError(f"{path}: expected {what}. Received JSON nested too deeply") from None
    except (OSError, UnicodeDecodeError) as error:
        fault = "other bytes than UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise InputError(f"{path}: expected {what}. Received: {fault}") from None


def numbered_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The line number (from 1) and the cells of every row that is not blank.

    Raises:
        InputError: the file is no UTF-8 text, or a quote is left open.
    """
    with open_text(path) as file:
        reader = csv.reader(file, strict=True)
        line = 1
        try:
            for cells in reader:
                if cells:
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            raise InputError(f"{path}, line {line}: expected comma-separated cells. Received: {error}") from None
        except UnicodeDecodeError:
            raise InputError(f"{path}, line {line} or later: expected UTF-8 text. Received other bytes") from None


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The line number (from 1) and the text, without its end, of every line that is not blank.

    Raises:
        InputError: the file is no UTF-8 text.
    """
    with open_text(path) as file:
        line = 0
        try:
            for line, text in enumerate(file, 1):
                if text.strip():
                    yield line, text.rstrip("\r\n")
        except UnicodeDecodeError:
            raise InputError(f"{path}, line {line + 1} or later: expected UTF-8 text. Received other bytes") from None


def first_line(path: Path) -> str:
    """The first line that is not blank; nothing where the file is no text."""
    try:
        with open_text(path) as file:
            lines = file.read(HEAD).split("\n")
    except (InputError, UnicodeDecodeError):
        return ""
    first = next((line.rstrip("\r") for line in lines if line.strip()), "")
    return first if first.replace("\t", "").isprintable() else ""


def numbers(path: Path, name: str, cells: Sequence[str], lines: Sequence[int]) -> FloatArray:
    """One column as numbers.

    Args:
        path: the file, for messages.
        name: the column's name, for messages.
        cells: its text, row by row.
        lines: the line of each row.

    Raises:
        InputError: a cell holds no number, or one beyond 2^53.
    """
    values = np.array([number(cell) for cell in cells], np.float64)
    wrong = np.flatnonzero(~(np.abs(values) < LARGEST))
    if wrong.size:
        raise InputError(f'{path}, line {lines[wrong[0]]}: {name}: expected a number. Received "{cells[wrong[0]]}"')
    return values


def number(cell: str) -> float:
    """The number that a cell holds; NaN where it holds none."""
    try:
        return float(cell)
    except ValueError:
        return math.nan


def decimal(value: float) -> str:
    """The shortest decimal that reads back as the same number, without an exponent.

    Examples:
        >>> decimal(0.00001), decimal(2.0)
        ('0.00001', '2')
    """
    return str(np.format_float_positional(value, trim="-"))


def refuse_characters(path: Path, name: str, texts: Iterable[str], forbidden: str) -> None:
    """Refuse to write text that would not read back.

    Raises:
        InputError: a text holds one of the forbidden characters.
    """
    for text in texts:
        if any(character in text for character in forbidden):
            raise InputError(f"{path}: {name}: expected text without any of {forbidden!r}. Received {text!r:.80}")
