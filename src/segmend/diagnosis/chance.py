"""Whether what was counted is more than chance gives."""

from __future__ import annotations

import numpy as np

from segmend.core.types import FloatArray, IntArray

SURE = 0.001
"""Probability by chance below which a count, or a difference, is taken for more than chance."""


def at_least(count: int, of: int, rate: float) -> float:
    """Probability that so many or more of ``of`` go wrong where each does by itself at a rate.

    Examples:
        >>> round(at_least(2, 2, 0.5), 3), at_least(0, 5, 0.5)
        (0.25, 1.0)
    """
    from scipy.special import bdtrc

    return 1.0 if count <= 0 else float(bdtrc(count - 1, of, rate))


def same_sign(values: FloatArray | IntArray) -> float:
    """Probability that chance splits the signs of values as unevenly as this; zeros are left out (the sign test).

    Examples:
        >>> same_sign(np.array([1.0, 2.0, 0.0, 1.0])), same_sign(np.zeros(3))
        (0.25, 1.0)
    """
    over, under = int((values > 0).sum()), int((values < 0).sum())
    return min(1.0, 2 * at_least(max(over, under), over + under, 0.5))


def flipped(values: FloatArray, draws: int = 4000) -> float:
    """Probability of a mean as high as that of values whose signs chance flips (the sign-flip permutation test).

    Args:
        values: one difference for each independent unit, shape (units,).
        draws: random flips, by which the probability is told apart from 0.

    Examples:
        >>> flipped(np.ones(20)) < 0.001, flipped(np.array([1.0, -1.0])) > 0.5
        (True, True)
    """
    signs = np.random.default_rng(0).integers(0, 2, (draws, values.size)) * 2 - 1
    means = signs @ values
    return float((1 + np.count_nonzero(means >= values.sum() - 1e-12)) / (1 + draws))
