"""How often a prediction is wrong near the ends of recordings, or the borders of images, and inside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import IGNORE
from segmend.core.types import BoolArray, FloatArray, IntArray

BANDS = (2, 4, 8, 16, 32, 64, 128, 256)
SHARE = 8
"""A band is at most one part in so many of a recording, and inside begins behind the widest one."""
MOST = 400
"""Recordings that are looked at, evenly spread."""
SHORTEST = 32


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """Shares of wrong steps, one row for each recording that is long enough.

    Attributes:
        bands: widths in steps.
        near: in each band at each side, shape (recordings, bands, sides); sides are first, last along the first axis,
            then along the second. NaN where nothing is judged.
        inside: behind the widest band on all sides, shape (recordings,).
    """

    bands: tuple[int, ...]
    near: FloatArray
    inside: FloatArray


def ends_of(prediction: Prediction) -> Ends | None:
    """The shares, None where no recording is long enough.

    Args:
        prediction: of steps or pixels, with ``y_true``.
    """
    assert prediction.y_true is not None
    sides = list(zip(prediction.y_true, prediction.y_pred, strict=True))
    long = [pair for pair in sides if min(pair[0].shape[: prediction.rank], default=0) >= SHORTEST]
    long = long[:: 1 + len(long) // MOST]
    if not long:
        return None
    shortest = min(min(true.shape[: prediction.rank]) for true, _ in long)
    bands = tuple(width for width in BANDS if width * SHARE <= shortest)
    rows = [_one(*wrong_of(true, said, prediction.multilabel), bands) for true, said in long]
    return Ends(bands, np.stack([near for near, _ in rows]), np.array([inside for _, inside in rows]))


def wrong_of(true: IntArray, said: IntArray, several: bool) -> tuple[BoolArray, BoolArray]:
    """Which steps are wrong, and which are judged, shape (*spatial)."""
    known, off = np.asarray(true) != IGNORE, np.asarray(true) != np.asarray(said)
    if several:
        known, off = known.all(axis=-1), off.any(axis=-1)
    return off & known, known


def side_slices(rank: int, width: int) -> list[tuple[slice, ...]]:
    """Where each side's band lies: first and last along the first axis, then along the second.

    >>> side_slices(1, 2)
    [(slice(None, 2, None),), (slice(-2, None, None),)]
    """
    every = slice(None)
    return [
        tuple(part if axis == along else every for axis in range(rank))
        for along in range(rank)
        for part in (slice(None, width), slice(-width, None))
    ]


def _one(wrong: BoolArray, known: BoolArray, bands: tuple[int, ...]) -> tuple[FloatArray, float]:
    near = np.array([[_share(wrong[at], known[at]) for at in side_slices(wrong.ndim, width)] for width in bands])
    deep = tuple(slice(n // SHARE, n - n // SHARE) for n in wrong.shape)
    return near, _share(wrong[deep], known[deep])


def _share(wrong: BoolArray, known: BoolArray) -> float:
    judged = np.count_nonzero(known)
    return np.count_nonzero(wrong) / judged if judged else float("nan")
