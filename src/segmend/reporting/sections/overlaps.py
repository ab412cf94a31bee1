"""Labels that may overlap: how well each is found, and which are mistaken for or go with another."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.reporting.content import ReportContent, Result
from segmend.reporting.palette import colours
from segmend.reporting.terms import terms
from segmend.reporting.units import belongs, every, flat
from segmend.reporting.wording import count, decimal, percent
from segmend.scoring.ranking import average_precision
from segmend.scoring.readings import divide

TITLE = "Label by label"
PAIRS = 8


def context(content: ReportContent) -> dict[str, Any] | None:
    """Bars per label and pairs of labels, of the first result; None unless labels may overlap and are known."""
    if not content.multilabel or content.y_true is None or not content.results:
        return None
    stride, result = every(content), content.results[0]
    true = flat(content.y_true, content.rank, stride)
    pred = flat(result.y_pred, content.rank, stride)
    judged = (true != IGNORE).all(axis=1)
    there, said = true[judged] == 1, pred[judged] == 1
    rows = _rows(content, result, true, pred, stride)
    return {
        "rows": rows,
        "ranked": result.y_prob is not None,
        "unit": terms(content).unit,
        "every": stride,
        "result": result.name if len(content.results) > 1 else "",
        "together": _together(content, there, said, stride),
        "instead": _instead(content, there, said, stride),
    }


def _rows(content: ReportContent, result: Result, true: IntArray, pred: IntArray, stride: int) -> list[dict[str, Any]]:
    """The labels that occur or are predicted, those found best first."""
    prob = flat(result.y_prob, content.rank, stride) if result.y_prob is not None else None
    rows = []
    for k in content.labels.foreground:
        positive, known = belongs(true, k)
        row = _facts(positive[known], pred[known, k] == 1, None if prob is None else prob[known, k])
        if row["found"] or row["there"]:
            rows.append({"number": k, "name": content.labels.names[k], **row})
    rows.sort(key=lambda row: -np.nan_to_num(row["bar"], nan=-1.0))
    return [{**row, "there": count(row["there"] * stride), "found": count(row["found"] * stride)} for row in rows]


def _facts(positive: BoolArray, said: BoolArray, score: FloatArray | None) -> dict[str, Any]:
    hit = int(np.count_nonzero(positive & said))
    there, found = int(np.count_nonzero(positive)), int(np.count_nonzero(said))
    f1 = float(divide(2 * hit, there + found))
    bar = f1 if score is None else average_precision(positive, score)
    return {
        "bar": bar,
        "value": decimal(bar),
        "share": there / max(positive.size, 1),
        "share_text": percent(there / max(positive.size, 1), 1),
        "there": there,
        "found": found,
        "precision": decimal(float(divide(hit, found))),
        "recall": decimal(float(divide(hit, there))),
        "f1": decimal(f1),
    }


def _together(content: ReportContent, there: BoolArray, said: BoolArray, stride: int) -> list[dict[str, Any]]:
    """Pairs of labels by how far the prediction is off in saying that they come together."""
    true, pred = (side.T.astype(np.float64) @ side for side in (there, said))
    one, other = np.triu_indices(len(content.labels), 1)
    off = np.abs(pred - true)[one, other]
    chosen = [k for k in np.argsort(-off, kind="stable")[:PAIRS] if off[k]]
    return [
        {
            "one": _label(content, int(one[k])),
            "other": _label(content, int(other[k])),
            "reference": count(true[one[k], other[k]] * stride),
            "predicted": count(pred[one[k], other[k]] * stride),
        }
        for k in chosen
    ]


def _instead(content: ReportContent, there: BoolArray, said: BoolArray, stride: int) -> list[dict[str, Any]]:
    """Pairs of a missed label and one that was predicted although it is not there, the most frequent first."""
    missed, invented = (there & ~said).astype(np.float64), (said & ~there).astype(np.float64)
    number = missed.T @ invented
    total = missed.sum(axis=0)
    pairs = np.dstack(np.unravel_index(np.argsort(-number, axis=None, kind="stable")[:PAIRS], number.shape))[0]
    return [
        {
            "missed": _label(content, int(one)),
            "invented": _label(content, int(other)),
            "number": count(number[one, other] * stride),
            "share": percent(number[one, other] / total[one]),
        }
        for one, other in pairs
        if number[one, other]
    ]


def _label(content: ReportContent, k: int) -> dict[str, str]:
    return {"name": content.labels.names[k], "colour": colours(content.labels)[k]}
