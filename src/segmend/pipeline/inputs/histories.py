"""Training histories as people hold them."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from segmend.artifacts.history import History
from segmend.errors import InputError


def read_history(history: Any) -> History | None:
    """A History from Keras' History, its ``.history`` dict, or the CSV file that CSVLogger writes.

    Args:
        history: any of these, a History already, or None.

    Raises:
        InputError: none of these, columns of different length, or a cell that is no number.

    Examples:
        >>> read_history({"loss": [1.0, 0.5]}).columns
        {'loss': (1.0, 0.5)}
    """
    if history is None or isinstance(history, History):
        return history
    if isinstance(history, str | Path):
        return _checked(_from_csv(Path(history)))
    columns = getattr(history, "history", history)
    if not isinstance(columns, Mapping):
        raise InputError(f"history: expected Keras' History, its dict or a CSV file. Received {type(history).__name__}")
    read = _checked({str(name): tuple(_number(name, value) for value in column) for name, column in columns.items()})
    asked = getattr(history, "params", None) or {}
    told = {"planned_epochs": asked.get("epochs"), "steps_per_epoch": asked.get("steps")}
    return read.model_copy(update={name: value for name, value in told.items() if isinstance(value, int)})


def _from_csv(path: Path) -> dict[str, tuple[float | None, ...]]:
    if not path.is_file():
        raise InputError(f"history: expected a CSV file. Received {path}, which is not there")
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [name for name in (rows[0] if rows else {}) if name != "epoch"]
    return {name: tuple(_number(f"{path}: {name}", row[name]) for row in rows) for name in names}


def _checked(columns: dict[str, tuple[float | None, ...]]) -> History:
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(f"history: expected columns of one length. Received {lengths}")
    return History(columns=columns)


def _number(name: object, value: Any) -> float | None:
    """The number; None where nothing was measured."""
    if value is None or value == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InputError(f'history: {name}: expected a number. Received "{value}"') from None
    return number if math.isfinite(number) else None
