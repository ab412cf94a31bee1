"""Facts about labels as they are given, before anything is made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.task import Structure, Task
from segmend.core.types import FloatArray, IntArray
from segmend.pipeline.inputs.batches import Examples
from segmend.pipeline.inputs.label_rows import row_facts


def label_axes(examples: Examples, outputs: Sequence[FloatArray], task: str | None = None) -> int:
    """How many axes of a recording carry labels: 0 where it has one as a whole, 1 for steps, 2 for pixels.

    Args:
        examples: recordings and their labels as given.
        outputs: the model's output for each recording.
        task: as told, which decides.

    Examples:
        >>> image, output = np.zeros((8, 8, 3)), np.zeros(4)
        >>> label_axes(Examples([image], [np.array(2)], None), [output])
        0
    """
    x, y, output = examples.x[0], examples.y[0], outputs[0]
    if task is not None and task.endswith("classification"):
        return 0
    if output.ndim > 1:
        return output.ndim - 1
    per_step = y.shape == x.shape[:1] or (y.ndim > 1 and y.shape == (*x.shape[:1], output.shape[-1]))
    at_once = y.ndim == 0 or (not per_step and (y.shape == output.shape or np.isin(y, (IGNORE, 0, 1)).all()))
    return 0 if task is None and (at_once or x.ndim > 2) else max(1, x.ndim - 1)


def target_facts(y: Sequence[IntArray], outputs: Sequence[FloatArray], axes: int | None = None) -> dict[str, Any]:
    """What ``Chart.targets`` lists.

    Args:
        y: labels of each recording as given.
        outputs: the model's output for each recording.
        axes: how many axes of a recording carry labels; None takes those of the output before its classes.

    Examples:
        >>> facts = target_facts([np.array([0, 2, 1, 1])], [np.zeros((2, 3))])
        >>> facts["form"], facts["classes"], facts["sizes"], facts["output_sizes"]
        ('dense', 3, [[4]], [[2]])
    """
    if axes is None:
        axes = max(0, outputs[0].ndim - 1) if outputs else 1
    finite = [rows[np.isfinite(rows)] if rows.dtype.kind == "f" else rows for rows in y]
    lows = [float(rows.min()) for rows in finite if rows.size]
    highs = [float(rows.max()) for rows in finite if rows.size]
    form = _form(y, axes)
    several = bool(y) and y[0].ndim == axes + 1 and y[0].shape[-1] > 1
    wide = form in ("one-hot", "multi-hot") or (form == "fractional" and several)
    sizes = [_label_size(rows, said, axes) for rows, said in zip(y, outputs, strict=True)]
    output_sizes = [_output_size(rows, said, axes) for rows, said in zip(y, outputs, strict=True)]
    return {
        "shape": _shape(y),
        "output_shape": _shape(outputs),
        "dtype": str(y[0].dtype) if y else None,
        "form": form,
        "classes": int(y[0].shape[-1]) if wide else int(max(highs, default=0)) + 1,
        "sums": _sums(y, axes),
        "lowest": min(lows, default=None),
        "highest": max(highs, default=None),
        "sizes": sizes,
        "output_sizes": output_sizes,
        "channels": int(outputs[0].shape[-1]) if outputs and outputs[0].ndim > len(output_sizes[0]) else 1,
        "values": row_facts(y, axes),
    }


def task_of_facts(facts: Mapping[str, Any], rank: int, classes: int) -> Task:
    """The task that labels ask for, whether or not the model answers it.

    Args:
        facts: of the labels.
        rank: spatial axes of the recordings.
        classes: number of classes.
    """
    whole = all(size in ([], [1]) for size in facts["sizes"])
    structure: Structure = "multilabel" if facts["form"] == "multi-hot" else "multiclass"
    return Task("classification" if whole else "segmentation", structure, rank, classes)


def _output_size(y: IntArray, output: FloatArray, axes: int) -> list[int]:
    """Spatial axes of an output: all but the classes', unless it is as the labels are, a value for each."""
    return list(output.shape if axes and output.shape == y.shape and output.ndim == axes else output.shape[:-1])


def _label_size(y: IntArray, output: FloatArray, axes: int) -> list[int]:
    """Spatial axes of labels: none where a row has one number for each class of an output that has steps besides."""
    whole = y.ndim == axes == 1 and output.ndim == 2 and y.shape == output.shape[-1:] != output.shape[:1]
    return [] if whole and np.isin(y, (IGNORE, 0, 1)).all() else list(y.shape[:-1] if y.ndim == axes + 1 else y.shape)


def _sums(y: Sequence[IntArray], axes: int) -> list[float] | None:
    """The lowest and the highest sum over classes; None where labels have no axis of classes."""
    rows = [each.sum(axis=-1)[each.min(axis=-1) > IGNORE] for each in y if each.ndim == axes + 1 and each.size]
    rows = [each for each in rows if np.size(each)]
    if len(rows) == 0 or any(each.shape[-1:] in ((), (1,)) for each in y):
        return None
    return [float(min(each.min() for each in rows)), float(max(each.max() for each in rows))]


def _shape(rows: Sequence[IntArray] | Sequence[FloatArray]) -> list[int | None]:
    """Shape of the rows stacked, None where they differ."""
    if not rows:
        return [0]
    if len({row.ndim for row in rows}) != 1:
        return [len(rows), None]
    return [
        len(rows),
        *(sizes[0] if len(set(sizes)) == 1 else None for sizes in zip(*(r.shape for r in rows), strict=True)),
    ]


def _form(y: Sequence[IntArray], axes: int) -> str:
    if any(rows.dtype.kind not in "biuf" or rows.ndim not in (axes, axes + 1) for rows in y):
        return "other"
    if any(rows.dtype.kind == "f" and not np.all(np.isfinite(rows) & (rows == np.floor(rows))) for rows in y):
        return "fractional"
    if all(rows.ndim == axes or rows.shape[-1] == 1 for rows in y):
        return "dense"
    if not all(rows.ndim == axes + 1 and np.isin(rows, (IGNORE, 0, 1)).all() for rows in y):
        return "other"
    judged = [rows.sum(axis=-1)[rows.min(axis=-1) > IGNORE] for rows in y]
    return "one-hot" if all(np.all(total == 1) for total in judged) else "multi-hot"
