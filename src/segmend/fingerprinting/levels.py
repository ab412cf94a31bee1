"""How unlike the levels of recordings are, and whether a part of one looks like the whole."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from segmend.core.types import FloatArray
from segmend.fingerprinting.moments import Moments

PARTS = 4
LOOK = 1 << 12
"""Steps of a part that are looked at, at most."""

COMPARED = 512
"""Recordings whose levels are compared with each other, at most."""


def novelty(recordings: Sequence[Moments], groups: Sequence[str]) -> float | None:
    """How far the levels of a recording lie from the most similar ones of another group.

    The distance is that of the two recordings' means, in standard deviations within a recording (the median one), root
    mean square over the channels that vary. A new recording is as unlike the known ones as these are unlike each other.

    Args:
        recordings: moments of each recording's samples.
        groups: who or what was recorded; where all are of one group, any other recording counts.

    Returns:
        The median over recordings, of which 512 are compared at most; None of fewer than two, or where none varies.

    Examples:
        >>> levels = [Moments.of(level + np.array([[-1.0], [1.0]])) for level in (0.0, 6.0, 6.5)]
        >>> novelty(levels, ["a", "b", "b"]), novelty(levels, ["a", "a", "a"])
        (6.0, 0.5)
    """
    known = [k for k, each in enumerate(recordings) if each.count.all()]
    if len(known) < 2:
        return None
    within = np.median([recordings[k].std for k in known], axis=0)
    varies = np.isfinite(within) & (within > 0)
    known = [known[k] for k in np.linspace(0, len(known) - 1, min(len(known), COMPARED)).astype(int)]
    levels = np.array([recordings[k].mean[varies] for k in known]) / within[varies]
    group = np.unique([groups[k] for k in known], return_inverse=True)[1]
    own = np.eye(len(known), dtype=bool) if group.max() == 0 else group[:, np.newaxis] == group
    with np.errstate(over="ignore"):
        squares = np.stack([np.square(levels - row).sum(axis=1) for row in levels])
    middle = float(np.sqrt(np.median(np.where(own, np.inf, squares).min(axis=1)) / max(1, varies.sum())))
    return middle if varies.any() and np.isfinite(middle) else None


def levels_of(moments: Moments) -> dict[str, tuple[float | None, ...]]:
    """Mean and standard deviation of each channel of a recording, None where it has no finite sample.

    >>> levels_of(Moments.of(np.array([[1.0, np.nan], [3.0, np.nan]])))
    {'means': (2.0, None), 'stds': (1.0, None)}
    """
    known = moments.count > 0
    columns = {"means": moments.mean, "stds": moments.std}
    return {
        name: tuple(
            float(value) if there and np.isfinite(value) else None for value, there in zip(column, known, strict=True)
        )
        for name, column in columns.items()
    }


def known_of(values: FloatArray) -> tuple[float | None, ...]:
    """The values, None where they are not finite.

    >>> known_of(np.array([1.0, np.nan]))
    (1.0, None)
    """
    return tuple(float(value) if np.isfinite(value) else None for value in values)


def evenness(samples: npt.NDArray[Any]) -> FloatArray:
    """The least spread among the four quarters of a recording, over the mean of the four.

    Args:
        samples: shape (*spatial, channels); the first 4096 steps of each quarter along the first axis are looked at.

    Returns:
        Shape (channels,), from 0 to 1; NaN where there are fewer than 8 steps, or a channel never changes.

    Examples:
        >>> steady = np.tile([[-1.0], [1.0]], (8, 1))
        >>> print(evenness(steady), evenness(np.where(np.arange(16)[:, None] < 4, steady, 0)))
        [1.] [0.]
    """
    steps = len(samples)
    if steps < 2 * PARTS:
        return np.full(samples.shape[-1], np.nan)
    bounds = [steps * k // PARTS for k in range(PARTS + 1)]
    parts = [samples[low : min(high, low + LOOK)] for low, high in itertools.pairwise(bounds)]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        spread = np.stack([_spread(np.asarray(part, np.float64)) for part in parts])
        mean = spread.mean(axis=0)
        return np.where(mean > 0, spread.min(axis=0) / mean, np.nan)


def _spread(part: FloatArray) -> FloatArray:
    deviation: FloatArray = part.reshape(-1, part.shape[-1]).std(axis=0)
    return deviation
