"""What holds at places of a recording, without painting all of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from segmend.core.labels import IGNORE, Labels
from segmend.core.recording import Recording
from segmend.core.segments import Segments
from segmend.core.types import BoolArray, IntArray


def has_at(recording: Recording, places: IntArray, labels: Labels, *, multilabel: bool) -> IntArray:
    """0 or 1 for each class at places of a recording, shape (n, classes); -1 where a place is not judged.

    Args:
        recording: with segments or regions.
        places: shape (n, axes).
        labels: class names and the background.
        multilabel: labels may overlap; otherwise places without any are the background's, or not judged.
    """
    if recording.regions is not None:
        mask = np.asarray(recording.regions.mask)[tuple(places.T)]
        if multilabel:
            return mask
        return np.where(mask[:, np.newaxis] == IGNORE, IGNORE, mask[:, np.newaxis] == np.arange(len(labels)))
    assert recording.segments is not None
    step = places[:, 0]
    has = np.stack([_within(recording.segments, k, step) for k in range(len(labels))], axis=1).astype(np.int8)
    hidden = np.zeros(step.size, bool) if recording.ignored is None else _within(recording.ignored, None, step)
    if not multilabel:
        none = ~has.any(axis=1)
        if labels.background is None:
            hidden |= none
        else:
            has[none, labels.background] = 1
    has[hidden] = IGNORE
    return has


def has_moved(
    recording: Recording, places: IntArray, shifts: Sequence[int], labels: Labels, *, multilabel: bool
) -> IntArray:
    """What holds at places of a signal with a shift added, shape (n, shifts, classes); -1 beyond its ends.

    Args:
        recording: with segments.
        places: shape (n, 1).
        shifts: in steps.
        labels: class names and the background.
        multilabel: labels may overlap.
    """
    moved = (places + np.array(shifts)).reshape(-1, 1)
    held = has_at(recording, moved, labels, multilabel=multilabel)
    held[(moved[:, 0] < 0) | (moved[:, 0] >= recording.steps)] = IGNORE
    return held.reshape(len(places), len(shifts), -1)


def _within(table: Segments, label: int | None, step: IntArray) -> BoolArray:
    """Which steps lie in a segment of a class, or of any."""
    keep = np.ones(len(table), bool) if label is None else table.label == label
    start, stop = table.start[keep], np.maximum.accumulate(table.stop[keep])
    before = np.searchsorted(start, step, side="right") - 1
    return (before >= 0) & (np.append(stop, 0)[before] > step)
