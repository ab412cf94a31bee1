"""Whether values of a group resemble each other by more than chance."""

from __future__ import annotations

from collections.abc import Sequence

from segmend.diagnosis.tails import fisher


def independent(design_effect: float, sizes: Sequence[int]) -> float:
    """The probability of so large a design effect where values of a group are no more alike than others.

    The design effect is 1 + (m - 1) x correlation, from which the F ratio of the analysis of variance follows.

    Args:
        design_effect: number of values over what they are worth.
        sizes: number of values of each group.

    Source: Donner, A review of inference procedures for the intraclass correlation coefficient in the one-way random
    effects model, International Statistical Review 54 (1986).

    Examples:
        >>> round(independent(4.0, [10] * 5), 5), independent(1.0, [10] * 5)
        (0.00059, 1.0)
    """
    counts = [size for size in sizes if size]
    n, k = sum(counts), len(counts)
    met = sum(size * size for size in counts) / max(1, n)
    if k < 2 or n <= k or met <= 1 or design_effect <= 1:
        return 1.0
    correlation = min(1.0, (design_effect - 1) / (met - 1))
    if correlation == 1:
        return 0.0
    ratio = 1 + (n - met) / (k - 1) * correlation / (1 - correlation)
    return fisher(ratio, k - 1, n - k)
