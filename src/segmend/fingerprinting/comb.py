"""Whether lengths of segments lie on a grid, such as that of the windows in which labels were made."""

from __future__ import annotations

import math

import numpy as np

from segmend.artifacts.comb import Comb
from segmend.core.types import FloatArray, IntArray

FEWEST = 30
"""Segments from which a grid is told."""

WIDEST = 1 << 10
"""Steps of a grid, at most."""

SPREAD = 0.5
"""Standard deviation of a class's lengths in steps of the grid, at least: then lengths of a smooth distribution are a
multiple as often as they are any other number, but for 1.5 per cent."""


def comb(length: IntArray, label: IntArray) -> Comb | None:
    """The grid on which lengths lie most often beyond chance; None where too few segments could tell.

    Of n lengths, h are multiples of k with a probability of at most exp(-n D(h/n, 1/k)), with D the divergence of two
    yes-or-no distributions in nats; the grid with the greatest n D is taken, and the bound is multiplied by the number
    of grids.

    Args:
        length: steps of each segment, shape (n,).
        label: its class, shape (n,).

    Source: of the bound, Chernoff, A measure of asymptotic efficiency for tests of a hypothesis based on the sum of
    observations, Annals of Mathematical Statistics 23 (1952).

    Examples:
        >>> found = comb(np.tile([8, 16, 24, 32], 10), np.zeros(40, int))
        >>> found.grid, found.hits, found.chance < 1e-20
        (8, 40, True)
    """
    if length.size < FEWEST:
        return None
    longest = int(np.quantile(length, 0.95))
    spread = _spread(length, label)
    best, tried = None, 0
    most = min(WIDEST, longest // 2, int(spread.max() / SPREAD))
    counts = np.zeros(0, np.int64)
    of: int | None = None
    for grid in range(2, most + 1):
        wide = spread >= SPREAD * grid
        n = int(np.count_nonzero(wide))
        if n < FEWEST:
            break
        tried += 1
        if n != of:
            counts, of = np.bincount(length[wide]), n
        hits = counts[grid::grid]
        beyond = _beyond(int(hits.sum()), n, grid)
        if best is None or beyond > best[0]:
            best = beyond, grid, n, hits
    if best is None:
        return None
    beyond, grid, n, hits = best
    total = int(hits.sum())
    return Comb(
        grid=grid,
        segments=n,
        hits=total,
        multiples=int(np.count_nonzero(hits >= max(1, total / 20))),
        chance=min(1.0, tried * math.exp(-beyond)),
    )


def _spread(length: IntArray, label: IntArray) -> FloatArray:
    """Standard deviation of the lengths of each segment's class."""
    _, place, size = np.unique(label, return_inverse=True, return_counts=True)
    mean = np.bincount(place, length) / size
    spread: FloatArray = np.sqrt(np.bincount(place, np.square(length - mean[place])) / size)
    return spread[place]


def _beyond(hits: int, n: int, grid: int) -> float:
    """How unlikely so many hits are: n times the divergence of their share from chance; 0 where they are fewer."""
    share, chance = hits / n, 1 / grid
    if share <= chance:
        return 0.0
    miss = (1 - share) * math.log((1 - share) / (1 - chance)) if share < 1 else 0.0
    return n * (share * math.log(share / chance) + miss)
