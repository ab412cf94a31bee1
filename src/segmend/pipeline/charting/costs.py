"""Costs of mistakes, put on a chart."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.core.types import Costs
from segmend.errors import InputError
from segmend.loading.description import FILE, read_description


def folder_costs(folder: Path) -> tuple[Any, str]:
    """The costs that a folder's dataset.json gives, None without; and where they stand, for messages."""
    return read_description(folder).costs, f"{folder / FILE}: costs"


def with_cost(chart: Chart, cost: Any, where: str = "cost") -> Chart:
    """The chart with a table of costs; as it is where there is none.

    Args:
        chart: says how many classes there are.
        cost: as for ``read_cost``.
        where: it was given, for messages.

    Raises:
        InputError: the table is not what was expected.
    """
    table = read_cost(cost, len(chart.labels), where)
    return chart if table is None else dataclasses.replace(chart, cost=table)


def read_cost(cost: Any, classes: int, where: str = "cost") -> Costs | None:
    """A table of costs, checked; None where there is none.

    Args:
        cost: what it costs to predict the column's class where the row's is true, shape (classes, classes); or None.
        classes: how many there are.
        where: it was given, for messages.

    Raises:
        InputError: the table is not of that shape, not finite, below 0, or not 0 on the diagonal.

    Examples:
        >>> read_cost([[0, 1], [10, 0]], 2)
        ((0.0, 1.0), (10.0, 0.0))
    """
    if cost is None:
        return None
    try:
        table = np.asarray(cost, np.float64)
    except (TypeError, ValueError):
        table = np.zeros(())
    if table.shape != (classes, classes):
        received = f"shape {table.shape}" if table.shape else f"{cost!r:.80}"
        raise InputError(
            f"{where}: expected a table of shape {(classes, classes)}, true class by row. Received {received}"
        )
    if not np.isfinite(table).all() or (table < 0).any() or np.diag(table).any():
        raise InputError(
            f"{where}: expected finite costs of at least 0, and 0 on the diagonal. Received {table.tolist()}"
        )
    return tuple(tuple(row) for row in table.tolist())
