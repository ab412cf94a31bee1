"""How well the place in a recording alone tells what is marked there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from segmend.artifacts.giveaways import PositionSkill
from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.core.types import FloatArray
from segmend.splitting import folds

PARTS = 20
FOLDS = 5

GROUPS = 5
"""Groups of which it is known how far they agree."""


def positions(
    tables: Sequence[Segments], steps: Sequence[int], groups: Sequence[str], labels: Labels, *, several: bool
) -> tuple[PositionSkill, ...]:
    """Predict classes in each part of a recording by their shares in that part of other groups' recordings.

    Args:
        tables: segments of each recording.
        steps: length of each.
        groups: group of each; where all are of one, each recording is its own.
        labels: class names and the background.
        several: labels may overlap.
    """
    names = list(groups) if len(set(groups)) > 1 else [str(k) for k in range(len(tables))]
    if len(set(names)) < GROUPS or not tables:
        return ()
    number = np.unique(names, return_inverse=True)[1]
    held = np.stack([_held(table, length, len(labels)) for table, length in zip(tables, steps, strict=True)])
    whole = np.array(steps, np.float64)[:, np.newaxis, np.newaxis] / PARTS
    if not several and labels.background is not None:
        held[..., labels.background] = np.maximum(whole[..., 0] - held.sum(axis=-1), 0)
    every = whole if several or labels.background is not None else held.sum(axis=-1, keepdims=True)
    rest = np.maximum(every - held, 0)
    auc = np.full((number.max() + 1, len(labels)), np.nan)
    for fit, out in folds(names, FOLDS):
        score = held[fit].sum(axis=0) / np.maximum((held[fit] + rest[fit]).sum(axis=0), 1e-9)
        for group in np.unique(number[out]):
            ours, others = (column[number == group].sum(axis=0) for column in (held, rest))
            auc[group] = [_area(ours[:, k], others[:, k], score[:, k]) for k in range(len(labels))]
    found = [_skill(labels.names[k], auc[:, k], held[..., k], rest[..., k]) for k in labels.foreground]
    return tuple(each for each in found if each is not None)


def _held(table: Segments, steps: int, classes: int) -> FloatArray:
    """Steps of each class in each part of a recording, shape (parts, classes)."""
    edges = np.linspace(0, steps, PARTS + 1)
    found = np.zeros((PARTS, classes))
    for k in np.unique(table.label):
        own = table.label == k
        passed = np.clip(edges[:, np.newaxis] - table.start[own], 0, table.length[own]).sum(axis=1)
        found[:, k] = np.diff(passed)
    return found


def _area(held: FloatArray, rest: FloatArray, score: FloatArray) -> float:
    """Share of pairs of steps, one of the class and one not, that scores of their parts order; ties count half."""
    if not held.sum() or not rest.sum():
        return float("nan")
    order = np.argsort(score, kind="stable")
    values, place = np.unique(score[order], return_inverse=True)
    ours, others = (np.bincount(place, column[order], minlength=values.size) for column in (held, rest))
    below = np.cumsum(others) - others
    return float((ours * (below + others / 2)).sum() / (ours.sum() * others.sum()))


def _skill(name: str, auc: FloatArray, held: FloatArray, rest: FloatArray) -> PositionSkill | None:
    known = auc[np.isfinite(auc)]
    if known.size < GROUPS:
        return None
    share = held.sum(axis=0) / np.maximum((held + rest).sum(axis=0), 1e-9)
    best = int(share.argmax())
    low, middle = np.quantile(known, [0.25, 0.5]).tolist()
    return PositionSkill(name=name, auc=middle, low=low, groups=known.size, part=best, share=float(share[best]))
