"""Facts about labels as they are given, before anything is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from segmend.core.types import FloatArray, IntArray


def target_facts(y: Sequence[IntArray], outputs: Sequence[FloatArray]) -> dict[str, Any]:
    """What ``Chart.targets`` lists.

    Args:
        y: labels of each recording as given.
        outputs: the model's output for each recording.

    Examples:
        >>> facts = target_facts([np.array([0, 2, 1])], [np.zeros((2, 3))])
        >>> facts["form"], facts["classes"], facts["steps"], facts["output_steps"]
        ('dense', 3, [3], [2])
    """
    finite = [rows[np.isfinite(rows)] if rows.dtype.kind == "f" else rows for rows in y]
    lows = [float(rows.min()) for rows in finite if rows.size]
    highs = [float(rows.max()) for rows in finite if rows.size]
    form = _form(y)
    wide = form in ("one-hot", "multi-hot") or (form == "fractional" and y[0].ndim == 2 and y[0].shape[1] > 1)
    return {
        "shape": _shape(y),
        "output_shape": _shape(outputs),
        "dtype": str(y[0].dtype) if y else None,
        "form": form,
        "classes": int(y[0].shape[1]) if wide else int(max(highs, default=0)) + 1,
        "lowest": min(lows, default=None),
        "highest": max(highs, default=None),
        "steps": [len(rows) for rows in y],
        "output_steps": [len(rows) for rows in outputs],
        "channels": int(outputs[0].shape[1]) if outputs and outputs[0].ndim == 2 else 1,
    }


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


def _form(y: Sequence[IntArray]) -> str:
    if any(rows.dtype.kind not in "biuf" or rows.ndim not in (1, 2) for rows in y):
        return "other"
    if any(rows.dtype.kind == "f" and not np.all(np.isfinite(rows) & (rows == np.floor(rows))) for rows in y):
        return "fractional"
    if all(rows.ndim == 1 or rows.shape[1] == 1 for rows in y):
        return "dense"
    if not all(rows.ndim == 2 and np.all((rows == 0) | (rows == 1)) for rows in y):
        return "other"
    return "one-hot" if all(np.all(rows.sum(axis=1) == 1) for rows in y) else "multi-hot"
