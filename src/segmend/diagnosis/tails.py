"""Tails of Student's and Fisher's distributions, without a library that takes half a second to load."""

from __future__ import annotations

import math

TERMS = 500
TINY = 1e-300


def student(t: float, freedom: float) -> float:
    """The probability of a value beyond ``t`` on either side.

    >>> round(student(2.228, 10), 4)
    0.05
    """
    return beta(freedom / (freedom + t * t), freedom / 2, 0.5)


def fisher(ratio: float, between: float, within: float) -> float:
    """The probability of a ratio of variances of ``ratio`` or more.

    >>> round(fisher(4.965, 1, 10), 4)
    0.05
    """
    return beta(within / (within + between * ratio), within / 2, between / 2)


def beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, from 0 to 1.

    Source: Lentz's evaluation of its continued fraction, as in Press, Teukolsky, Vetterling, Flannery, Numerical
    Recipes, Cambridge 1992, section 6.4.
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta(1 - x, b, a)
    logs = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    total = d
    for m in range(1, TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        step = 1.0
        for term in (even, odd):
            d = 1 / _away(1 + term * d)
            c = _away(1 + term / c)
            step = c * d
            total *= step
        if abs(step - 1) < 1e-14:
            break
    return min(1.0, math.exp(logs) * total / a)


def _away(value: float) -> float:
    """From 0."""
    return value if abs(value) > TINY else TINY
