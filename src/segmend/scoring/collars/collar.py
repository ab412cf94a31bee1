"""How far an event may lie off and still be found."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from segmend.core.types import IntArray
from segmend.errors import InputError


@dataclass(frozen=True, slots=True)
class Collar:
    """Tolerances in steps, inclusive.

    Events lie on whole steps, so that a tolerance counts as the whole steps in it; what a conversion from seconds adds
    or takes beyond the sixth decimal does not count.

    Attributes:
        tolerance: of the onset, and the least of the offset.
        offset_share: share of the reference's length that the offset may be off where that is more.

    Raises:
        InputError: either is negative, infinite or NaN.

    Source:
        Mesaros et al. 2016, "Metrics for polyphonic sound event detection": 0.2 s and 0.5.

    Examples:
        >>> collar = Collar(0.29 * 100, offset_share=0.5)
        >>> 0.29 * 100, collar.onset, collar.offset(np.array([10, 101]))
        (28.999999999999996, 29, array([29, 50]))
    """

    tolerance: float
    offset_share: float = 0.5

    def __post_init__(self) -> None:
        for name in ("tolerance", "offset_share"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                raise InputError(f"{name}: expected a number of at least 0. Received {value}")

    @property
    def onset(self) -> int:
        """Whole steps that an onset may be off."""
        return math.floor(round(self.tolerance, 6))

    def offset(self, size: IntArray) -> IntArray:
        """Whole steps that the offset of references of these lengths may be off."""
        share = np.floor(np.round(self.offset_share * size, 6)).astype(np.int64)
        return np.maximum(share, self.onset)
