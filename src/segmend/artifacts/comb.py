"""Lengths that lie on a grid."""

from __future__ import annotations

from segmend.artifacts.base import Artifact


class Comb(Artifact):
    """The grid on which lengths of segments lie most often beyond chance.

    Attributes:
        grid: steps of which lengths are multiples.
        segments: number of segments that could tell: of classes whose lengths spread over half the grid and more.
        hits: how many of them are whole multiples.
        multiples: how many multiples hold a twentieth of the hits and more.
        chance: an upper bound of the probability that as many are, or more, by chance, over all grids that were tried.
    """

    grid: int
    segments: int
    hits: int
    multiples: int
    chance: float
