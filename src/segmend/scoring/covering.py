"""Covering: how well the best predicted segment matches each reference segment, whatever the classes."""

from __future__ import annotations

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.segments import runs
from segmend.core.types import FloatArray, IntArray
from segmend.scoring.items import Items, Timeline
from segmend.scoring.overlaps import overlaps
from segmend.scoring.readings import divide


def covering(line: Timeline) -> FloatArray:
    """``sum over reference segments g of |g| / T * max IoU(g, p)``, p any predicted segment, shape (recordings,).

    Segments are all runs of one label, those of the background too; classes are not compared, only where they change.
    T is the number of judged steps; a recording without one is NaN. Linear.

    Args:
        line: the recordings end to end, one label per step.

    Source:
        Arbelaez et al. 2011, "Contour detection and hierarchical image segmentation"; for time series van den Burg and
        Williams 2020, "An evaluation of change point detection algorithms".

    Examples:
        >>> from segmend.core.labels import Labels
        >>> from segmend.scoring.items import timeline
        >>> true, pred = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 1, 1])
        >>> covering(timeline([true], [pred], Labels.numbered(2))).round(3)
        array([0.708])
    """
    reference, prediction = (_all_runs(line, steps) for steps in (line.y_true, line.y_pred))
    met = overlaps(reference, prediction)
    # Both sides are judged at the same steps, so that every reference segment meets a prediction.
    best = np.maximum.reduceat(met.steps / met.union, _first(met.reference)) if len(met) else np.zeros(0)
    covered = np.bincount(reference.recording, weights=reference.size * best, minlength=len(line))
    return divide(covered, np.bincount(reference.recording, weights=reference.size, minlength=len(line)))


def _all_runs(line: Timeline, steps: IntArray) -> Items:
    start, stop, label = runs(steps)
    keep = label != IGNORE
    start = start[keep]
    return Items(np.searchsorted(line.first, start, "right") - 1, start, stop[keep], label[keep])


def _first(rows: IntArray) -> IntArray:
    """Where each run of equal numbers begins."""
    return np.flatnonzero(np.diff(rows, prepend=-1))
