"""How wide a gradient is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from segmend.artifacts.anatomy import OutputFacts
from segmend.core.types import FloatArray

SHARES = (50, 90, 95, 99)
"""Shares of the gradient, in per cent."""

DRAWS = 8
SHORTEST, LONGEST = 256, 4096


def width(profile: FloatArray, mass: float) -> int:
    """Length of the shortest stretch that holds the given share of the mass.

    Example:
        >>> width(np.array([0.0, 1, 8, 1, 0]), 0.8), width(np.ones(100), 0.95)
        (1, 95)
    """
    total = np.concatenate([[0.0], np.cumsum(profile, dtype=np.float64)])
    wanted = mass * total[-1] * (1 - 1e-12)
    stops = np.searchsorted(total, total[:-1] + wanted)
    reached = stops < len(total)
    return int((stops - np.arange(len(profile)))[reached].min())


def shares_along(gradient: FloatArray, axes: int) -> list[dict[int, int]]:
    """How many neighbouring steps carry each of ``SHARES``, along each spatial axis.

    Args:
        gradient: absolute values, (*spatial, channels).
        axes: the number of spatial axes to tell of, from the first.

    Returns:
        One dict per axis, from share to steps; empty where there is no gradient, or where it is not finite.

    Examples:
        >>> shares_along(np.ones((100, 2)), 1)
        [{50: 50, 90: 90, 95: 95, 99: 99}]
    """
    profiles = [gradient.sum(axis=tuple(k for k in range(gradient.ndim) if k != axis)) for axis in range(axes)]
    return [
        {share: width(profile, share / 100) for share in SHARES}
        if np.isfinite(profile).all() and profile.sum() > 0
        else {}
        for profile in profiles
    ]


def length_for(outputs: Sequence[OutputFacts]) -> int:
    """Steps on which an effective field has room: twice the field, a multiple of the stride, within bounds.

    Args:
        outputs: with their fields.
    """
    sizes = [field.size or 0 for output in outputs for field in output.fields]
    coarse = max((int(field.stride) for output in outputs for field in output.fields), default=1) or 1
    length = min(max(2 * max(sizes, default=0), SHORTEST), LONGEST)
    return -(-length // (32 * coarse)) * 32 * coarse
