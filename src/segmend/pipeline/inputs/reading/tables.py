"""Tables of segments instead of arrays: they say where items touch, and need a grid of steps to be scored on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from segmend.core.labels import IGNORE, Labels
from segmend.core.rasterize import rasterize, rasterize_each
from segmend.core.segments import Segments
from segmend.core.types import IntArray
from segmend.errors import InputError
from segmend.pipeline.inputs.reading.given import are_tables, given

Sides = tuple[Any, Any, Sequence[str], str]


def read_tables(
    y_true: Any,
    y_pred: Any,
    y_prob: Any,
    names: Sequence[str] | None,
    background: int | None,
    task: str | None,
) -> tuple[Sides, dict[str, tuple[Segments, ...]]]:
    """Steps for the sides that came as tables.

    A recording is as long as its arrays say; where both sides are tables, up to the last stop. Rows of different
    classes that share a step make the task multilabel.

    Returns:
        ``y_true, y_pred, labels, task`` with arrays in place of tables, and the tables by field of a Prediction.

    Raises:
        InputError: a table does not fit its recording, or names no class.
    """
    tables = {name: tuple(side) for name, side in (("y_true", y_true), ("y_pred", y_pred)) if are_tables(side)}
    steps = _steps(tables, {"y_true": y_true, "y_pred": y_pred, "y_prob": y_prob})
    for name, side in tables.items():
        _refuse(name, side, steps)
    if task is None:
        overlap = any(_overlaps(table) for side in tables.values() for table in side)
        task = "multilabel-segmentation" if overlap else "segmentation"
    labels = _labels(tables, y_prob, names, None if task.startswith("multilabel-") else background)
    for name, side in tables.items():
        numbers = np.concatenate([table.label for table in side])
        wrong = numbers[(numbers < IGNORE) | (numbers >= len(labels))]
        if wrong.size:
            raise InputError(f"{name}: expected class numbers from 0 to {len(labels) - 1}. Received {wrong[0]}")
    painted = {name: _painted(side, steps, labels, task) for name, side in tables.items()}
    fields = {"y_true": "reference", "y_pred": "predicted"}
    sides = painted.get("y_true", y_true), painted.get("y_pred", y_pred), labels.foreground_names, task
    return sides, {fields[name]: side for name, side in tables.items()}


def _steps(tables: dict[str, tuple[Segments, ...]], sides: dict[str, Any]) -> list[int]:
    for name in ("y_prob", "y_pred", "y_true"):
        side = given(name, sides[name]) if name not in tables else None
        if side is not None:
            return [len(row) for row in side.rows]
    counts = {name: len(side) for name, side in tables.items()}
    if len(set(counts.values())) > 1:
        raise InputError(f"y_pred: expected {counts['y_true']} tables as in y_true. Received {counts['y_pred']}")
    every = zip(*tables.values(), strict=True)
    return [max((int(table.stop.max()) for table in each if len(table)), default=0) for each in every]


def _refuse(name: str, side: Sequence[Segments], steps: Sequence[int]) -> None:
    if len(side) != len(steps):
        raise InputError(f"{name}: expected {len(steps)} tables, one per recording. Received {len(side)}")
    for k, (table, end) in enumerate(zip(side, steps, strict=True)):
        wrong = np.flatnonzero((table.start < 0) | (table.stop > end) | (table.start >= table.stop))
        if wrong.size:
            row = (int(table.start[wrong[0]]), int(table.stop[wrong[0]]))
            raise InputError(f"{name}[{k}]: expected 0 <= start < stop <= {end}. Received {row} in row {wrong[0]}")


def _overlaps(table: Segments) -> bool:
    rows = table.sorted()
    return bool(np.any(rows.start[1:] < np.maximum.accumulate(rows.stop)[:-1]))


def _labels(
    tables: dict[str, tuple[Segments, ...]], y_prob: Any, names: Sequence[str] | None, background: int | None
) -> Labels:
    if names is not None:
        return Labels.of(names, background)
    side = given("y_prob", y_prob)
    highest = max((int(t.label.max()) for each in tables.values() for t in each if len(t)), default=0)
    return Labels.numbered(max(highest + 1, side.width if side is not None else 0), background)


def _painted(side: Sequence[Segments], steps: Sequence[int], labels: Labels, task: str) -> list[IntArray]:
    pairs = zip(side, steps, strict=True)
    if task.startswith("multilabel-"):
        return [rasterize_each(table, count, len(labels)) for table, count in pairs]
    return [rasterize(table, count, labels.background) for table, count in pairs]
