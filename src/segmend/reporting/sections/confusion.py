"""Which class is taken for which, step by step."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.types import IntArray
from segmend.reporting.content import ReportContent, Result
from segmend.reporting.wording import count

TITLE = "Confusion of classes"


def context(content: ReportContent) -> dict[str, Any] | None:
    """One table per result, rows as shares of the steps of the true class; None without a reference."""
    if content.y_true is None:
        return None
    tables = []
    for result in content.results:
        matrix = _matrix(content, result)
        total = matrix.sum(axis=1, keepdims=True)
        shares = matrix / np.maximum(total, 1)
        rows = [
            {"number": k, "name": name, "steps": count(int(total[k, 0])), "shares": shares[k].tolist()}
            for k, name in enumerate(content.labels.names)
            if total[k, 0]
        ]
        tables.append({"name": result.name, "rows": rows})
    return {"tables": tables, "names": content.labels.names} if any(table["rows"] for table in tables) else None


def _matrix(content: ReportContent, result: Result) -> IntArray:
    """Steps by true class (rows) and predicted class (columns)."""
    classes = len(content.labels)
    matrix = np.zeros((classes, classes), np.int64)
    for true, pred in zip(content.y_true or (), result.y_pred, strict=True):
        keep = (true != IGNORE) & (pred != IGNORE)
        matrix += np.bincount(true[keep] * classes + pred[keep], minlength=classes**2).reshape(classes, classes)
    return matrix
