"""Edit score: how far the order of segments is right, whatever their lengths."""

from __future__ import annotations

import itertools

import numpy as np

from segmend.core.types import FloatArray, IntArray
from segmend.scoring.items import Items
from segmend.scoring.meetings import Meeting

MOST_CELLS = 20_000_000_000
"""Reference times predicted segments, summed over recordings, above which the edit score is left out."""


def no_edit(met: Meeting, *, asked: bool = True) -> str | None:
    """Why there is no edit score, None if there can be one."""
    if met.line is None:
        return "left out: objects of images have no order"
    if met.line.multilabel:
        return "left out: labels that overlap have no order"
    if not asked:
        return "not asked for"
    work = cells(met)
    if work > MOST_CELLS:
        return (
            f"left out: reference times predicted segments, summed over recordings, is {work:.1e}, "
            f"more than {MOST_CELLS:.0e}"
        )
    return None


def cells(met: Meeting) -> int:
    """How much work the edit score would be: reference times predicted segments, summed over recordings."""
    count = len(met)
    reference = np.bincount(met.reference.recording, minlength=count)
    return int(reference @ np.bincount(met.prediction.recording, minlength=count))


def edit_scores(met: Meeting) -> FloatArray:
    """``1 - Levenshtein / longer length`` of the segments' labels, shape (recordings,); 1 where both are empty.

    The background is left out, labels are symbols. In a recording that ignored steps cut, the distances and the longer
    lengths of its stretches are summed (Lea et al. 2016, "Segmental spatiotemporal CNNs for fine-grained action
    segmentation").
    """
    from rapidfuzz.distance import Levenshtein

    assert met.line is not None and isinstance(met.reference, Items) and isinstance(met.prediction, Items)
    cut = np.flatnonzero(np.diff(met.line.judged.astype(np.int8), prepend=0) == 1)
    recording = np.searchsorted(met.line.first, cut, "right") - 1
    distance, longest = np.zeros(len(met)), np.zeros(len(met))
    sides = [_stretches(items, cut) for items in (met.reference, met.prediction)]
    for k, true, pred in zip(recording.tolist(), *sides, strict=True):
        if true or pred:
            distance[k] += Levenshtein.distance(true, pred)
            longest[k] += max(len(true), len(pred))
    return 1 - np.divide(distance, longest, out=np.zeros_like(distance), where=longest > 0)


def _stretches(items: Items, cut: IntArray) -> list[list[int]]:
    """The labels of the segments in each judged stretch."""
    bounds = [*np.searchsorted(items.start, cut).tolist(), len(items)]
    labels = items.label.tolist()
    return [labels[low:high] for low, high in itertools.pairwise(bounds)]
