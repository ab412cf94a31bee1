"""Whether labels fit the signal better when they are moved."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from segmend.artifacts.alignment import Alignment
from segmend.core.recording import Recording
from segmend.core.types import FloatArray, IntArray
from segmend.fingerprinting.ridge import LEAST, Products, apply
from segmend.fingerprinting.rows import Rows
from segmend.fingerprinting.sampling import Sampler
from segmend.splitting import folds

FOLDS = 5

GROUPS = 5
"""Of so many on, how far groups agree is known."""

DRAWS = 400


def alignment(
    sampler: Sampler, recordings: Sequence[Recording], rows: Sequence[Rows], independent: float
) -> Alignment | None:
    """Fit a linear model to labels at every shift, judge each out of sample, and draw groups anew.

    The features are those of the smallest windows, which lie symmetrically around a place and do not reach far enough
    to tell a label from what happens elsewhere; so they tell best what lies right there.

    Args:
        sampler: measured the rows; where it has no shifts there is nothing to compare.
        recordings: that the rows are of.
        rows: features and what is true at every shift.
        independent: number of segments, as for the separability floor.
    """
    groups = [each.group for each in recordings]
    names = groups if len(set(groups)) > 1 else [each.name for each in recordings]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    if not sampler.shifts or len(numbers) < GROUPS:
        return None
    small = sampler.near
    pairs = [(row.near.astype(np.float64), row.moved) for row in rows]
    judged = sum(len(true) for _, true in pairs)
    if judged < 10 * small:
        return None
    parts = [held for _, held in folds(names, FOLDS, weight=[max(1, len(true)) for _, true in pairs])]
    group = np.array([numbers[name] for name in names])
    error, spread = _judged(pairs, parts, group, max(LEAST, small / max(1.0, independent)))
    return _drawn(error, spread, sampler.shifts)


def _judged(
    pairs: Sequence[tuple[FloatArray, IntArray]], parts: Sequence[IntArray], group: IntArray, penalty: float
) -> tuple[FloatArray, FloatArray]:
    """Squared errors and spread of labels, of every group at every shift, shape (groups, shifts)."""
    common = next(found.mean(axis=0) for found, _ in pairs if len(found))
    shifts, classes = pairs[0][1].shape[1:]
    sums = []
    for held in parts:
        part = Products.none(common.size, shifts * classes)
        for found, true in (pairs[k] for k in held):
            if len(found):
                part += Products.of(found - common, true.reshape(len(true), -1).astype(np.float64))
        sums.append(part)
    whole = sum(sums, Products.none(common.size, shifts * classes))
    error, spread = np.zeros((2, group.max() + 1, shifts))
    for part, held in zip(sums, parts, strict=True):
        others = whole - part
        weights, mean = others.solve(penalty), others.outer[0] / max(1.0, others.rows)
        for k in held:
            found, true = pairs[k]
            if not len(found):
                continue
            flat = true.reshape(len(true), -1)
            said = np.clip(apply(weights, found - common), 0, 1)
            error[group[k]] += np.square(flat - said).sum(axis=0).reshape(shifts, classes).sum(axis=1)
            spread[group[k]] += np.square(flat - mean).sum(axis=0).reshape(shifts, classes).sum(axis=1)
    return error, spread


def _drawn(error: FloatArray, spread: FloatArray, shifts: Sequence[int]) -> Alignment | None:
    """The best shift, and how sure it is."""
    groups, zero = len(error), list(shifts).index(0)
    if not (spread.sum(axis=0) > 0).all():
        return None
    fit = 1 - error.sum(axis=0) / spread.sum(axis=0)
    weights = np.random.default_rng(0).multinomial(groups, [1 / groups] * groups, DRAWS)
    drawn = 1 - (weights @ error) / np.maximum(weights @ spread, 1e-12)
    best = int(fit.argmax())
    low, high = np.quantile(np.array(shifts)[drawn.argmax(axis=1)], [0.005, 0.995], method="nearest").tolist()
    return Alignment(
        shifts=tuple(shifts),
        fit=tuple(fit.tolist()),
        best=shifts[best],
        low=int(low),
        high=int(high),
        gain=float(fit[best] - fit[zero]),
        gain_low=float(np.quantile(drawn[:, best] - drawn[:, zero], 0.01)),
        groups=groups,
    )
