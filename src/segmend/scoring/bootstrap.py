"""How sure a score, or a difference of two, is: the percentile bootstrap over groups (Efron and Tibshirani 1993).

A resample of groups is a row of weights, so all draws are one product of weights and summed counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from segmend.artifacts.trial import Interval
from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.scoring.objective import Objective
from segmend.scoring.tallies import Tally

FEWEST_GROUPS = 6
"""With fewer groups than this, recordings are resampled within them."""


class Estimate(NamedTuple):
    """A value with its interval, and what was resampled."""

    value: float
    low: float
    high: float
    level: float
    unit: str


def paired(
    before: Tally,
    after: Tally,
    objective: Objective,
    groups: Sequence[Any] | None = None,
    *,
    level: float = 0.95,
    draws: int = 2000,
    rng: np.random.Generator,
) -> Interval:
    """The change of an objective between two predictions of the same recordings, with its interval.

    Args:
        before: counts of the one prediction.
        after: counts of the other, of the same recordings in the same order.
        objective: from ``objective.parse``.
        groups: group of each recording; None takes each recording as its own. Fewer than 6 groups: recordings are
            resampled within them, and the unit says so.
        level: share of the resamples that the interval holds.
        draws: number of resamples.
        rng: source of randomness.

    Returns:
        The difference, low and high, None where undefined; ``unit`` says what was resampled.

    Raises:
        InputError: the tallies or groups do not have one entry per recording.
    """
    if len(before) != len(after):
        raise InputError(
            f"bootstrap: expected two tallies of the same recordings. Received {len(before)} and {len(after)}"
        )
    weights, unit = resamples(len(before), groups, draws, rng)
    change = objective.weighted(after, weights) - objective.weighted(before, weights)
    low, high = ends(change, level)
    return Interval(
        difference=_known(objective(after) - objective(before)),
        low=_known(low),
        high=_known(high),
        level=level,
        unit=unit,
    )


def interval(
    tally: Tally,
    objective: Objective,
    groups: Sequence[Any] | None = None,
    *,
    level: float = 0.95,
    draws: int = 2000,
    rng: np.random.Generator,
) -> Estimate:
    """An objective with its interval; arguments as for ``paired``."""
    weights, unit = resamples(len(tally), groups, draws, rng)
    low, high = ends(objective.weighted(tally, weights), level)
    return Estimate(objective(tally), low, high, level, unit)


def resamples(
    recordings: int, groups: Sequence[Any] | None, draws: int, rng: np.random.Generator
) -> tuple[FloatArray, str]:
    """How often each recording counts in each draw, shape (draws, recordings), and what was resampled.

    Groups are resampled whole. Where there are fewer than 6 of them, recordings are resampled within each, but for
    groups of one recording each: nothing would vary within them, so the recordings are resampled all together.
    """
    names = range(recordings) if groups is None else [str(group) for group in groups]
    if len(names) != recordings:
        raise InputError(f"groups: expected one value for each of {recordings} recordings. Received {len(names)}")
    if recordings == 0:
        raise InputError("bootstrap: expected at least one recording. Received none")
    _, member = np.unique(np.asarray(names), return_inverse=True)
    count = int(member.max()) + 1
    if count >= FEWEST_GROUPS or count == recordings:
        drawn = rng.multinomial(count, np.full(count, 1 / count), size=draws)
        return drawn[:, member].astype(np.float64), "recordings" if count == recordings else "groups"
    weights = np.zeros((draws, recordings))
    for group in range(count):
        inside = np.flatnonzero(member == group)
        weights[:, inside] = rng.multinomial(inside.size, np.full(inside.size, 1 / inside.size), size=draws)
    return weights, "recordings within groups"


def ends(values: FloatArray, level: float) -> tuple[float, float]:
    """The percentiles that hold a share of the draws in the middle; draws where the score is undefined are left out."""
    known = values[~np.isnan(values)]
    if not known.size:
        return float("nan"), float("nan")
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return low, high


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
