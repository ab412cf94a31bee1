"""Whether recordings lie at one level, and whether a part of one looks like the whole."""

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


def levels_apart(recordings: Sequence[Moments], channels: int) -> FloatArray:
    """Standard deviation of the recordings' means in standard deviations within a recording (the median one).

    Args:
        recordings: moments of each recording's samples.
        channels: number of channels.

    Returns:
        Shape (channels,); NaN of fewer than two recordings, or where none of them changes.

    Examples:
        >>> near, far = (Moments.of(level + np.array([[-1.0], [1.0]])) for level in (0.0, 6.0))
        >>> levels_apart([near, far], 1).tolist()
        [3.0]
    """
    known = [each for each in recordings if each.count.all()]
    if len(known) < 2:
        return np.full(channels, np.nan)
    within = np.median([each.std for each in known], axis=0)
    between = np.std([each.mean for each in known], axis=0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where(within > 0, between / within, np.nan)


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
