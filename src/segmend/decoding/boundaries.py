"""Touching segments of one label, told apart where a second output says that a segment begins."""

from __future__ import annotations

import numpy as np
from scipy.signal import find_peaks

from segmend.core.segments import Segments
from segmend.core.types import FloatArray, IntArray
from segmend.errors import InputError


def boundary_targets(segments: Segments, steps: int) -> FloatArray:
    """What a boundary head is trained on: 1 at the first step of every segment, else 0.

    Args:
        segments: of one recording.
        steps: length of the recording.

    Returns:
        Shape (steps, 1).

    Raises:
        InputError: a segment begins beyond the recording.

    Examples:
        >>> boundary_targets(Segments.from_rows([(1, 3, 2), (3, 5, 2)]), 6)[:, 0].tolist()
        [0.0, 1.0, 0.0, 1.0, 0.0, 0.0]
    """
    if len(segments) and not 0 <= segments.start.min() <= segments.start.max() < steps:
        raise InputError(
            f"segments: expected them to begin within {steps} steps. "
            f"Received begins from {segments.start.min()} to {segments.start.max()}"
        )
    targets = np.zeros((steps, 1), np.float32)
    targets[segments.start] = 1
    return targets


def cut_at_boundaries(
    y_pred: IntArray,
    boundaries: FloatArray,
    *,
    threshold: float = 0.5,
    separation: int = 2,
    background: int | None = 0,
) -> Segments:
    """The runs of one label, cut where the probability that a segment begins has a peak.

    A run that touches no peak stays whole, and a peak in the background does nothing: labels decide where segments are,
    boundaries only how many a run holds. Of peaks nearer than ``separation`` the highest stays, and no piece is shorter
    than that. A peak of several equal steps counts as their middle.

    Args:
        y_pred: class number of each step, shape (steps,).
        boundaries: probability that a segment begins at each step, shape (steps,) or (steps, 1).
        threshold: least height of a peak.
        separation: steps between two peaks, and from a cut to the ends of its run, at least.
        background: class number that is no segment, or None.

    Returns:
        The segments, in order.

    Raises:
        InputError: shapes differ, a probability is not finite, or the separation is below 1.

    Examples:
        >>> starts = np.array([0.1, 0.9, 0.1, 0.2, 0.8, 0.1, 0.0])
        >>> cut_at_boundaries(np.array([0, 1, 1, 1, 1, 1, 0]), starts).rows()
        [(1, 4, 1), (4, 6, 1)]
    """
    y_pred, height = np.asarray(y_pred), np.asarray(boundaries, np.float64)
    height = height[:, 0] if height.ndim == 2 and height.shape[1] == 1 else height
    if y_pred.ndim != 1 or height.shape != y_pred.shape:
        raise InputError(
            f"boundaries: expected one probability for each label of y_pred. "
            f"Received shapes {np.shape(boundaries)} and {y_pred.shape}"
        )
    if not np.isfinite(height).all():
        raise InputError("boundaries: expected finite probabilities. Received NaN or infinity")
    if separation < 1:
        raise InputError(f"separation: expected at least 1 step. Received {separation}")
    whole = Segments.from_steps(y_pred, background)
    if not len(whole):
        return whole
    cuts, _ = find_peaks(height, height=threshold, distance=separation)
    run = np.searchsorted(whole.start, cuts, side="right") - 1
    inside = (run >= 0) & (cuts - whole.start[run] >= separation) & (whole.stop[run] - cuts >= separation)
    cuts, run = cuts[inside].astype(np.int64), run[inside]
    start = np.concatenate((whole.start, cuts))
    order = np.argsort(start, kind="stable")
    owner = np.concatenate((np.arange(len(whole)), run))[order]
    start = start[order]
    stop = np.minimum(whole.stop[owner], np.append(start[1:], np.iinfo(np.int64).max))
    return Segments(start, stop, whole.label[owner])
