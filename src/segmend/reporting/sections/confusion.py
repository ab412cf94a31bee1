"""Which class is taken for which: step by step, pixel by pixel, or recording by recording."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.types import IntArray
from segmend.reporting.content import ReportContent, Result
from segmend.reporting.terms import terms
from segmend.reporting.wording import count

TITLE = "Confusion of classes"


def context(content: ReportContent) -> dict[str, Any] | None:
    """One table per result, rows as shares of the true class; None without a reference or where labels overlap."""
    if content.y_true is None or content.multilabel:
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
    if not any(table["rows"] for table in tables):
        return None
    return {"tables": tables, "names": content.labels.names, "unit": terms(content).unit}


def _matrix(content: ReportContent, result: Result) -> IntArray:
    """Steps by true class (rows) and predicted class (columns)."""
    classes = len(content.labels)
    matrix = np.zeros((classes, classes), np.int64)
    for row, said in zip(content.y_true or (), result.y_pred, strict=True):
        true, pred = np.asarray(row).ravel(), np.asarray(said).ravel()
        keep = (true != IGNORE) & (pred != IGNORE)
        matrix += np.bincount(true[keep] * classes + pred[keep], minlength=classes**2).reshape(classes, classes)
    return matrix
