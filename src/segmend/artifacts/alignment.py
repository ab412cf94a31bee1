"""How well labels fit signals when they are moved."""

from __future__ import annotations

from segmend.artifacts.base import Artifact


class Alignment(Artifact):
    """How much of labels a linear model explains out of sample, with labels moved against the signal.

    Attributes:
        shifts: steps by which labels are moved, in rising order; above 0 what is a label later is told by the signal
            now, so that labels which come late fit best there.
        fit: share of the labels' variance that is explained at each shift.
        best: the shift that fits best.
        low, high: between them lie the best shifts of 99 per cent of draws of groups.
        gain: how much better it fits than no shift.
        gain_low: what 99 per cent of draws of groups exceed.
        groups: number of groups (recordings, where there is one group only).
    """

    shifts: tuple[int, ...]
    fit: tuple[float, ...]
    best: int
    low: int
    high: int
    gain: float
    gain_low: float
    groups: int
