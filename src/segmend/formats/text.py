"""Reading comma-separated text with the line of every row at hand."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from segmend.errors import InputError


def open_text(path: Path) -> TextIO:
    """A UTF-8 text file, with or without a byte order mark.

    Raises:
        InputError: there is no such file, or it cannot be opened.
    """
    try:
        return path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise InputError(f"{path}: expected a text file. Received: {error.strerror}") from None


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
