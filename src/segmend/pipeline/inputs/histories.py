"""Training histories as people hold them."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from segmend.artifacts.history import History
from segmend.errors import InputError


def read_history(history: Any) -> History | None:
    """A History from Keras' History, its ``.history`` dict, or the CSV file that CSVLogger writes.

    With ``fit(validation_freq=2)`` Keras keeps fewer values of ``val_loss`` than of ``loss``, and not in which epochs.
    They are put back into the multiples of that number; where several would give as many values, of one that 10 or 5
    divides, else of the largest. CSVLogger's file says it exactly. Columns that hold several numbers an epoch, such as
    scores of each class, are left out.

    Args:
        history: any of these, a History already, or None.

    Raises:
        InputError: none of these, a column of which no such number gives the length, or a cell that is no number.

    Examples:
        >>> read_history({"loss": [1.0, 0.5], "val_loss": [0.7]}).columns
        {'loss': (1.0, 0.5), 'val_loss': (None, 0.7)}
    """
    if history is None or isinstance(history, History):
        return history
    if isinstance(history, str | Path):
        return History(columns=_from_csv(Path(history)))
    columns = getattr(history, "history", history)
    if not isinstance(columns, Mapping):
        raise InputError(f"history: expected Keras' History, its dict or a CSV file. Received {type(history).__name__}")
    single = {str(name): column for name, column in columns.items() if not any(map(_is_several, column))}
    numbers = {name: tuple(_number(name, value) for value in column) for name, column in single.items()}
    read = History(columns=_in_their_epochs(numbers, getattr(history, "epoch", None) or (0,)))
    asked = getattr(history, "params", None) or {}
    told = {"planned_epochs": asked.get("epochs"), "steps_per_epoch": asked.get("steps")}
    return read.model_copy(update={name: value for name, value in told.items() if isinstance(value, int)})


def _from_csv(path: Path) -> dict[str, tuple[float | None, ...]]:
    if not path.is_file():
        raise InputError(f"history: expected a CSV file. Received {path}, which is not there")
    with path.open(newline="", encoding="utf-8") as file:
        head = file.readline()
        file.seek(0)
        separator = head[len("epoch")] if head.startswith("epoch") and len(head.strip()) > len("epoch") else ","
        reader = csv.DictReader(file, delimiter=separator)
        rows, names = list(reader), [name for name in reader.fieldnames or () if name != "epoch"]
    columns = {name: [row[name] for row in rows] for name in names}
    return {
        name: tuple(_number(f"{path}: {name}", cell) for cell in cells)
        for name, cells in columns.items()
        if not any(map(_is_several, cells))
    }


def _in_their_epochs(
    columns: Mapping[str, tuple[float | None, ...]], epochs: Sequence[int]
) -> dict[str, tuple[float | None, ...]]:
    """Columns of one length, None in epochs without a value; ``epochs`` begins with the first one's number."""
    longest, before = max(map(len, columns.values()), default=0), int(epochs[0])
    placed = dict(columns)
    for name, column in columns.items():
        if len(column) == longest:
            continue
        fits = [n for n in range(2, before + longest + 1) if (before + longest) // n - before // n == len(column)]
        every = max(fits, key=lambda n: (n % 10 == 0, n % 5 == 0, n), default=None)
        if column and every is None:
            raise InputError(
                f"history: {name}: expected a value for each of {longest} epochs, or for every second, third, ... of "
                f"them, as with fit(validation_freq=2). Received {len(column)}; CSVLogger's file says in which epochs"
            )
        values = iter(column)
        placed[name] = tuple(
            next(values) if column and every and (before + epoch + 1) % every == 0 else None for epoch in range(longest)
        )
    return placed


def _is_several(value: Any) -> bool:
    """Whether an epoch's value is a list of numbers, as Keras or CSVLogger hold it."""
    if isinstance(value, str):
        return value.strip('"').startswith("[")
    return isinstance(value, list | tuple) or bool(getattr(value, "ndim", 0))


def _number(name: object, value: Any) -> float | None:
    """The number; None where nothing was measured, for which CSVLogger writes NA."""
    if value is None or (isinstance(value, str) and value.strip() in ("", "NA")):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InputError(f'history: {name}: expected a number. Received "{value}"') from None
    return number if math.isfinite(number) else None
