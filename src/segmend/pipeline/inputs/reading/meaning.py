"""What arrays mean: one label per recording, per step or per pixel; one of several classes, or several at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.task import NAMES
from segmend.errors import InputError
from segmend.pipeline.inputs.reading.given import Given

MOST_LABELS_LOOKED_AT = 10_000
"""Rows of a stacked array that decide between class probabilities of recordings and a probability per step."""


class Meaning(NamedTuple):
    """What was decided.

    Attributes:
        rank: spatial axes of each recording's labels: 0 for one label per recording, 1 for signals, 2 for images.
        multilabel: whether labels may overlap.
    """

    rank: int
    multilabel: bool


def meaning(
    true: Given | None,
    pred: Given | None,
    prob: Given | None,
    labels: Sequence[str] | None,
    task: str | None,
    rank: int | None = None,
) -> Meaning:
    """Decide, in this order: by ``task``, by the rank and last axis of ``y_prob``, by the labels themselves.

    Args:
        true: reference labels, or None.
        pred: predicted labels, or None.
        prob: probabilities, or None.
        labels: class names.
        task: forces the meaning.
        rank: spatial axes of each recording's labels, where the recordings themselves tell.

    Raises:
        InputError: the ranks do not belong together, or there is no such task.
    """
    if task is not None and task not in NAMES:
        raise InputError(f'task: expected one of {list(NAMES)}. Received "{task}"')
    sides = [side for side in (true, pred) if side is not None and side.rank]
    overlapping = task is not None and task.startswith("multilabel-")
    if rank is None:
        rank = _rank(sides, prob if prob is not None and prob.rank else None, labels, task)
    for side in sides:
        if side.rank - 1 - rank not in (0, 1):
            raise InputError(
                f"{side.name}: expected {rank + 1} axes (one label each) or {rank + 2} (0 or 1 for each class). "
                f"Received {side.rank}, such as shape {np.shape(side.rows[0])} of {side.name}[0]"
            )
    hot = [side for side in sides if side.rank == rank + 2 and side.width > 1]
    return Meaning(rank, overlapping if task is not None else bool(hot) and not _one_each(hot[0]))


def _rank(sides: list[Given], prob: Given | None, labels: Sequence[str] | None, task: str | None) -> int:
    if task is not None and task.endswith("classification"):
        return 0
    if prob is not None:
        if prob.rank > 2:
            return prob.rank - 2
        per_recording = task is None and (not sides or _of_recordings(sides[0], prob, labels))
        return 0 if per_recording and prob.stacked else 1
    if not sides:
        return 1
    ranks = {side.rank for side in sides}
    if len(ranks) == 2 and max(ranks) - min(ranks) == 1:
        return max(1 if task else 0, min(ranks) - 1)
    rank = max(ranks)
    named = labels is not None and rank > 2 and sides[0].width == len(labels) and sides[0].holds_only(0, 1)
    if named or task == "multilabel-segmentation" or (rank > 2 and sides[0].width == 1):
        return rank - 2
    if task is not None and rank == 1:
        raise InputError(f"{sides[0].name}: expected a label per step for {task}. Received one label per recording")
    return rank - 1


def _of_recordings(side: Given, prob: Given, labels: Sequence[str] | None) -> bool:
    """Whether (recordings, n) probabilities are of n classes, not of class 1 at each of n steps."""
    if side.rank == 1:
        return True
    if labels is not None and len(labels) == prob.width == side.width and side.holds_only(0, 1):
        return True
    rows, said = (np.asarray(each.rows[:MOST_LABELS_LOOKED_AT], np.float64) for each in (side, prob))
    return bool((rows.sum(axis=1) == 1).all() and np.allclose(said.sum(axis=1), 1, atol=1e-2))


def _one_each(side: Given) -> bool:
    """Whether every judged row carries exactly one label."""
    for row in side.rows:
        total = np.sum(row, axis=-1)[np.min(row, axis=-1) > IGNORE]
        if not (total == 1).all():
            return False
    return True
