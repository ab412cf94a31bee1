"""How far marked borders lie from where the signal changes, told out of sample."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from segmend.artifacts.borders import Borders, ClassBorders, OddBorder
from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.fingerprinting.edges import GRID, Edges
from segmend.fingerprinting.fitted import Floor
from segmend.fingerprinting.intervals import SURE, ratio
from segmend.fingerprinting.ridge import apply, by_fold
from segmend.fingerprinting.rows import Rows

FEWEST = 40
"""Borders of a class whose scatter is known."""

SIDE = 2
"""Places to either side of a change, at least."""


def scatter(floor: Floor, recordings: Sequence[Recording], rows: Sequence[Rows], independent: float) -> Borders | None:
    """Find where the evidence for an item's class changes most, twice, and compare it with where the item was marked.

    The two models share neither channels (of one channel: neither features) nor noise, so the covariance of what they
    find is that of the marks.

    Source: of telling a common part from noise by the covariance of two measurements, Grubbs, On estimating precision
    of measuring instruments and product variability, JASA 43 (1948); of its robust form, Gnanadesikan, Kettenring,
    Robust estimates, residuals, and outlier detection with multiresponse data, Biometrics 28 (1972).

    Args:
        floor: fitted.
        recordings: that it was fitted on.
        rows: what was measured of them.
        independent: number of segments, as for the floor.
    """
    edges = [row.edges for row in rows]
    if (
        floor.sampler.borders < 2
        or floor.sampler.task.labels == "multilabel"
        or not any(len(each.label) for each in edges)
    ):
        return None
    halves = _halves(floor.sampler.near, floor.sampler.channels.size)
    off = np.stack([_off(floor, recordings, rows, half, independent) for half in halves], axis=1)
    every = Edges.join([each._replace(found=each.found[..., :0]) for each in edges])
    number = np.repeat(np.arange(len(edges)), [len(each.label) for each in edges])
    group = np.unique([floor.unit(each) for each in recordings], return_inverse=True)[1][number]
    known = np.isfinite(off).all(axis=1)
    classes, odd = [], np.full(known.size, np.nan)
    for k in floor.sampler.labels.foreground:
        mine = known & (every.label == k)
        if np.count_nonzero(mine) < FEWEST:
            continue
        both = _centred(off[mine], every.side[mine])
        length = float(floor.sampler.usual[k])
        classes.append(_of_class(floor.sampler.labels.names[k], both, group[mine], length))
        odd[mine] = both.mean(axis=1) * (np.abs(both[:, 0] - both[:, 1]) <= length / 8)
    if not classes:
        return None
    size = np.nan_to_num(np.abs(odd) / np.maximum(1.0, floor.sampler.usual[every.label]))
    worst = np.argsort(-size, kind="stable")
    return Borders(
        classes=tuple(classes),
        odd=tuple(
            _odd(recordings[number[n]].name, every, n, odd[n], floor.sampler.labels) for n in worst if size[n] > 1 / 8
        ),
    )


def _halves(near: int, channels: int) -> list[IntArray]:
    """Columns of two sets of features: of every other channel, or of one channel what is level and what is spread."""
    column = np.arange(near)
    kind, channel = column // channels, column % channels
    first = channel % 2 == 0 if channels > 1 else (kind == 0) | (kind == 3)
    return [np.flatnonzero(first), np.flatnonzero(~first)]


def _off(
    floor: Floor, recordings: Sequence[Recording], rows: Sequence[Rows], half: IntArray, independent: float
) -> FloatArray:
    """By how many steps the evidence changes later than was marked, shape (borders,); NaN where it does not."""
    fold = np.array([floor.fold[floor.unit(each)] for each in recordings])
    columns = [row.found[:, half] for row in rows]
    weights = by_fold(columns, [row.true for row in rows], fold, floor.facts.folds, independent)
    found = []
    for part, row in zip(fold, rows, strict=True):
        edges = row.edges
        said = apply(weights[part], edges.found[..., half])
        own = np.take_along_axis(said, edges.label[:, np.newaxis, np.newaxis], axis=2)[..., 0]
        rising = np.where(edges.side[:, np.newaxis] == 1, -own, own)
        found.append(change_at(rising, edges.known) * edges.step)
    return np.concatenate(found)


def change_at(rising: FloatArray, known: BoolArray) -> FloatArray:
    """Where a row rises most, from one level to another, in places from its middle; NaN where it does not rise.

    The change that leaves least squared error, of those with two places or more on either side.

    Args:
        rising: shape (n, places), the middle one being the first place of what comes behind a border.
        known: which of them count, shape (n, places).

    Examples:
        >>> row = np.repeat([[0.0, 1.0]], [14, 11], axis=1)
        >>> change_at(row, np.ones_like(row, bool)).tolist()
        [2.0]
    """
    count = np.cumsum(known, axis=1)
    total = np.cumsum(np.where(known, rising, 0.0), axis=1)
    before = count[:, :-1]
    behind: IntArray = count[:, -1:] - before
    low, high = total[:, :-1] / np.maximum(before, 1), (total[:, -1:] - total[:, :-1]) / np.maximum(behind, 1)
    share = before * behind / np.maximum(count[:, -1:], 1)
    gain = np.where((before >= SIDE) & (behind >= SIDE) & (high > low), share * np.square(high - low), -1.0)
    if not gain.size:
        return np.zeros(0)
    best = gain.argmax(axis=1)
    found = gain[np.arange(len(gain)), best] > 0
    return np.where(found, best + 1.0 - GRID, np.nan)


def _centred(off: FloatArray, side: IntArray) -> FloatArray:
    """Less the median of all starts, and of all stops."""
    centred = off.copy()
    for end in (0, 1):
        mine = side == end
        if mine.any():
            centred[mine] -= np.median(off[mine], axis=0)
    return centred


def _of_class(name: str, both: FloatArray, group: IntArray, length: float) -> ClassBorders:
    one, other = both.T
    size, sums = np.bincount(group), np.bincount(group, one * other)
    mean, error = ratio(sums, size)
    robust = (_deviation(one + other) ** 2 - _deviation(one - other) ** 2) / 4
    spread = one.std() * other.std()
    common = max(0.0, min(mean, robust))
    return ClassBorders(
        name=name,
        borders=len(both),
        groups=np.count_nonzero(size),
        length=length,
        spread=math.sqrt(common),
        low=math.sqrt(max(0.0, common - SURE * error)),
        agreement=float(np.mean((one - one.mean()) * (other - other.mean())) / spread) if spread > 0 else 0.0,
    )


def _deviation(values: FloatArray) -> float:
    """Standard deviation, robustly."""
    return 1.4826 * float(np.median(np.abs(values - np.median(values))))


def _odd(recording: str, every: Edges, n: int, off: float, labels: Labels) -> OddBorder:
    return OddBorder(
        recording=recording,
        label=labels.names[every.label[n]],
        end=("start", "stop")[every.side[n]],
        step=int(every.border[n]),
        off=float(off),
    )
