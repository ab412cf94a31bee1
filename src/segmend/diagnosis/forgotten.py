"""Items that a model predicts where nothing is marked, as surely as those that are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import IGNORE
from segmend.core.types import BoolArray, FloatArray, IntArray


class Forgotten(NamedTuple):
    """One class.

    Attributes:
        reference: predicted items that lie on marked ones.
        beside: predicted items that lie on nothing that is marked, of the sizes of these.
        sure: those of them that are as sure as half of those on marked ones, or more.
        groups: of how many groups (recordings, where each is its own) the sure ones are.
        places: where they are and the share of items on marked ones that is less sure, surest first.
    """

    reference: int
    beside: int
    sure: int
    groups: int
    places: list[dict[str, object]]


class _Items(NamedTuple):
    recording: IntArray
    low: IntArray
    high: IntArray
    size: IntArray
    score: FloatArray
    on: BoolArray
    beside: BoolArray


def forgotten(prediction: Prediction, k: int) -> Forgotten | None:
    """Compare the predicted items of one class; None where fewer than 12 lie on marked ones.

    Args:
        prediction: of steps or pixels, with ``y_true`` and ``y_prob``.
        k: class number.
    """
    every = [_items(prediction, n, k) for n in range(len(prediction.names))]
    items = _Items(*(np.concatenate(column) for column in zip(*every, strict=True)))
    if np.count_nonzero(items.on) < 12:
        return None
    scores = np.sort(items.score[items.on])
    short, long = np.quantile(items.size[items.on], [0.05, 0.95])
    beside = items.beside & (items.size >= short) & (items.size <= long)
    # Sums of equal probabilities differ in their last digits.
    sure = beside & (items.score >= np.median(scores) - 1e-9)
    groups = prediction.groups or prediction.names
    confidence = np.searchsorted(scores, items.score) / scores.size
    worst = np.flatnonzero(sure)[np.argsort(-items.score[sure], kind="stable")]
    return Forgotten(
        reference=scores.size,
        beside=int(beside.sum()),
        sure=int(sure.sum()),
        groups=len({groups[n] for n in items.recording[sure].tolist()}),
        places=[
            {
                "recording": prediction.names[items.recording[n]],
                "start": items.low[n].tolist() if prediction.rank > 1 else int(items.low[n, 0]),
                "stop": items.high[n].tolist() if prediction.rank > 1 else int(items.high[n, 0]),
                "label": prediction.labels.names[k],
                "confidence": float(confidence[n]),
            }
            for n in worst.tolist()
        ],
    )


def _items(prediction: Prediction, n: int, k: int) -> _Items:
    """The predicted items of one class in one recording."""
    from scipy import ndimage

    assert prediction.y_true is not None and prediction.y_prob is not None
    true, said = np.asarray(prediction.y_true[n]), np.asarray(prediction.y_pred[n])
    several = prediction.multilabel
    mask = said[..., k] == 1 if several else said == k
    there = true[..., k] == 1 if several else true == k
    empty = true[..., k] == 0 if several else (true != IGNORE) & (true == prediction.labels.background)
    number, count = ndimage.label(mask)
    at = np.arange(1, count + 1)
    boxes = ndimage.find_objects(number)
    rank = prediction.rank
    edges = np.array([[(side.start, side.stop) for side in box] for box in boxes], np.int64).reshape(count, rank, 2)
    size = np.bincount(number.ravel(), minlength=count + 1)[1:]
    score = np.bincount(number.ravel(), prediction.y_prob[n][..., k].ravel(), minlength=count + 1)[1:]
    return _Items(
        np.full(count, n),
        edges[..., 0],
        edges[..., 1],
        size,
        score / np.maximum(size, 1),
        np.isin(at, number[there]),
        ~np.isin(at, number[~empty]),
    )
