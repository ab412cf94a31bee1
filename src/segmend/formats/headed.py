"""Tables with a header and tabs between their cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from segmend.errors import InputError
from segmend.formats.text import numbered_lines


def columns_of(path: Path, wanted: Sequence[str]) -> tuple[dict[str, list[str]], list[int]]:
    """The columns of a table by name, and the line of each row.

    Args:
        path: the file.
        wanted: columns that have to be there.

    Raises:
        InputError: a column is missing or there twice, or a row has more cells than the header, or fewer.
    """
    rows = numbered_lines(path)
    line, header = next(rows, (1, ""))
    names = [name.strip() for name in header.split("\t")]
    missing = [name for name in wanted if name not in names]
    if missing:
        raise InputError(
            f'{path}, line {line}: expected the columns {", ".join(wanted)} between tabs. Received "{header:.200}"'
        )
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InputError(f'{path}, line {line}: expected each column once. Received "{twice[0]}" twice')
    columns: dict[str, list[str]] = {name: [] for name in names}
    lines: list[int] = []
    for line, text in rows:
        cells = text.split("\t")
        if len(cells) != len(names):
            raise InputError(f"{path}, line {line}: expected {len(names)} cells between tabs. Received {len(cells)}")
        lines.append(line)
        for name, cell in zip(names, cells, strict=True):
            columns[name].append(cell.strip())
    return columns, lines
