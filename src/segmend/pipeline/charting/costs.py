"""Costs of mistakes, put on a chart."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.errors import InputError


def with_cost(chart: Chart, cost: Any, where: str = "cost") -> Chart:
    """The chart with a table of costs; as it is where there is none.

    Args:
        chart: says how many classes there are.
        cost: what it costs to predict the column's class where the row's is true, shape (classes, classes); or None.
        where: it was given, for messages.

    Raises:
        InputError: the table is not of that shape, not finite, below 0, or not 0 on the diagonal.
    """
    if cost is None:
        return chart
    classes = len(chart.labels)
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
    return dataclasses.replace(chart, cost=tuple(tuple(row) for row in table.tolist()))
