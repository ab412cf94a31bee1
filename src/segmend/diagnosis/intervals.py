"""How sure a share is that was counted."""

from __future__ import annotations

import math

SURE = 1.96
"""Standard deviations of a normal distribution within which 95 % of it lie."""


def wilson(hits: float, of: float, sure: float = SURE) -> tuple[float, float]:
    """The interval of a share.

    Args:
        hits: how many were counted; need not be whole, where independent ones are estimated.
        of: of how many; with none the interval is from 0 to 1.
        sure: standard deviations; 1.96 for 95 %.

    Source: Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).

    Examples:
        >>> [round(end, 3) for end in wilson(6, 12)]
        [0.254, 0.746]
    """
    if of <= 0:
        return 0.0, 1.0
    share, square = hits / of, sure * sure
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = sure * math.sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)
