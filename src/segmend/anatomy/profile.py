"""How wide a gradient is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from segmend.artifacts.anatomy import OutputFacts
from segmend.core.types import FloatArray

MASS = 0.95
DRAWS = 8
SHORTEST, LONGEST = 256, 4096


def width(profile: FloatArray, mass: float = MASS) -> int:
    """Length of the shortest stretch that holds the given share of the mass.

    Example:
        >>> width(np.array([0.0, 1, 8, 1, 0]), 0.8), width(np.ones(100))
        (1, 95)
    """
    total = np.concatenate([[0.0], np.cumsum(profile, dtype=np.float64)])
    wanted = mass * total[-1] * (1 - 1e-12)
    stops = np.searchsorted(total, total[:-1] + wanted)
    reached = stops < len(total)
    return int((stops - np.arange(len(profile)))[reached].min())


def length_for(outputs: Sequence[OutputFacts]) -> int:
    """Steps on which an effective field has room: twice the field, a multiple of the stride, within bounds.

    Args:
        outputs: with their fields.
    """
    sizes = [field.size or 0 for output in outputs for field in output.fields]
    coarse = max((int(field.stride) for output in outputs for field in output.fields), default=1) or 1
    length = min(max(2 * max(sizes, default=0), SHORTEST), LONGEST)
    return -(-length // (32 * coarse)) * 32 * coarse
