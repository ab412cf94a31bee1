"""Bursts of short runs: where a prediction switches to and fro."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import IGNORE
from segmend.core.segments import runs
from segmend.core.types import BoolArray, FloatArray, IntArray

FEW = 2
"""A burst is at least so many short runs in a row, which make one switch more."""


@dataclass(frozen=True, slots=True, eq=False)
class Bursts:
    """What flickers in a prediction of signals.

    Attributes:
        few: runs of up to so many steps are short.
        switches: switches within bursts of the prediction, and of the reference.
        margin: median distance of the two best probabilities in the bursts, and elsewhere.
        steady: the labels with each burst given to the run before it.
    """

    few: int
    switches: tuple[int, int]
    margin: tuple[float, float]
    steady: tuple[IntArray, ...]


def bursts_of(prediction: Prediction) -> Bursts:
    """The bursts of a prediction of rank 1 with ``y_true`` and ``y_prob``; each label by itself where they overlap."""
    assert prediction.y_true is not None and prediction.y_prob is not None
    true, said = (_lanes(rows, prediction.multilabel) for rows in (prediction.y_true, prediction.y_pred))
    known = [lane == IGNORE for lane in true]
    said = [np.where(unknown, IGNORE, lane) for lane, unknown in zip(said, known, strict=True)]
    few = _few(true)
    found = [_short(lane, few) for lane in said]
    margins = _margins(prediction)
    inside = _pooled([margin[burst] for margin, (burst, _, _) in zip(margins, found, strict=True)])
    outside = _pooled(
        [m[~burst & ~u] for m, (burst, _, _), u in zip(margins, found, known, strict=True)],
    )
    given = _lanes(prediction.y_pred, prediction.multilabel)
    steady = [np.where(u, lane, calm) for (_, _, calm), u, lane in zip(found, known, given, strict=True)]
    return Bursts(
        few=few,
        switches=(sum(n for _, n, _ in found), sum(_short(lane, few)[1] for lane in true)),
        margin=(inside, outside),
        steady=_back(steady, prediction),
    )


def _lanes(rows: Sequence[IntArray], several: bool) -> list[IntArray]:
    return [column for each in rows for column in np.asarray(each).T] if several else [np.asarray(r) for r in rows]


def _back(lanes: Sequence[IntArray], prediction: Prediction) -> tuple[IntArray, ...]:
    if not prediction.multilabel:
        return tuple(lanes)
    classes = len(prediction.labels)
    return tuple(np.stack(lanes[k : k + classes], axis=1) for k in range(0, len(lanes), classes))


def _few(true: Sequence[IntArray]) -> int:
    """Half of the steps that 95 % of the reference runs have, at least 1."""
    lengths = []
    for lane in true:
        start, stop, value = runs(lane)
        lengths.append((stop - start)[value != IGNORE])
    every = np.concatenate(lengths)
    return max(1, int(np.quantile(every, 0.05)) // 2) if every.size else 1


def _short(lane: IntArray, few: int) -> tuple[BoolArray, int, IntArray]:
    """Which steps lie in bursts, how many switches these make, and the labels without them."""
    start, stop, value = runs(lane)
    short = (stop - start <= few) & (value != IGNORE)
    short[[0, -1] if short.size else []] = False  # what the ends cut may be longer
    first, last, kind = runs(short.view(np.int8))
    bursts = (kind == 1) & (last - first >= FEW)
    in_burst = np.repeat(bursts, last - first)
    before = np.maximum.accumulate(np.where(in_burst, 0, np.arange(value.size)))
    calm = value[before]
    length = stop - start
    return np.repeat(in_burst, length), int((last - first + 1)[bursts].sum()), np.repeat(calm, length)


def _margins(prediction: Prediction) -> list[FloatArray]:
    """Distance of the best and the second best probability of each step of each lane."""
    assert prediction.y_prob is not None
    if prediction.multilabel:
        return [np.abs(2 * column - 1) for rows in prediction.y_prob for column in rows.T]
    return [_apart(rows) for rows in prediction.y_prob]


def _apart(rows: FloatArray) -> FloatArray:
    best: FloatArray = np.partition(rows, -2, axis=1)[:, -2:]
    return best[:, 1] - best[:, 0]


def _pooled(parts: Sequence[FloatArray]) -> float:
    every = np.concatenate(parts) if parts else np.zeros(0)
    return float(np.median(every)) if every.size else float("nan")
