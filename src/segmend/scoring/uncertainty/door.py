"""Intervals of every score, and of every difference of two predictions' scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from segmend.artifacts.uncertainty import ComparisonRecord, Intervals
from segmend.errors import InputError
from segmend.scoring.bootstrap import ends
from segmend.scoring.scored import Scored
from segmend.scoring.uncertainty.draws import scores_under, weights_of
from segmend.scoring.uncertainty.leaves import nested, numbers, paths
from segmend.scoring.uncertainty.ranking import ranking_draws

DRAWS = 1000


def intervals(
    scored: Scored, groups: Sequence[Any] | None = None, *, level: float = 0.95, draws: int = DRAWS, seed: int = 0
) -> Intervals:
    """The percentile bootstrap interval of every score.

    Groups are drawn with replacement, as many as there are, and every score is read again of the recordings drawn.
    Draws in which a score is undefined (a class that was not drawn) are left out of its interval.

    Args:
        scored: from ``scored``.
        groups: group of each recording (a subject), which is drawn whole; None takes each recording as its own. Fewer
            than 6 groups: recordings are drawn within them, and ``unit`` says so.
        level: share of the draws that an interval holds.
        draws: number of draws.
        seed: of the draws; they are the same for all scores, and for any order of the recordings.

    Raises:
        InputError: an argument is not what was expected.

    Source:
        Efron and Tibshirani 1993, "An introduction to the bootstrap", chapter 13.

    Examples:
        >>> from segmend.artifacts.prediction import Prediction
        >>> from segmend.core.labels import Labels
        >>> from segmend.scoring.scored import scored
        >>> truth = [np.array([0, 1, 1, 0])] * 8
        >>> said = [np.array([0, 1, k % 2, 0]) for k in range(8)]
        >>> prediction = Prediction(
        ...     names=tuple("abcdefgh"), labels=Labels.numbered(2), y_true=tuple(truth), y_pred=tuple(said)
        ... )
        >>> found = intervals(scored(prediction))
        >>> found["step"]["accuracy"], found.unit
        ([0.78125, 0.96875], 'recordings')
    """
    weights, unit = weights_of(scored.names, groups, level, draws, seed)
    at = paths(scored.levels())
    values = scores_under(scored, weights, at)
    told = nested(at, [list(ends(values[:, k], level)) for k in range(len(at))])
    few = None if scored.soft is None else ranking_draws(scored.soft.steps, draws)
    return Intervals(**_levels(told), level=level, draws=draws, unit=unit, seed=seed, ranking_draws=few)


def compare(
    first: Scored,
    second: Scored,
    groups: Sequence[Any] | None = None,
    *,
    level: float = 0.95,
    draws: int = DRAWS,
    seed: int = 0,
) -> ComparisonRecord:
    """Every score of two predictions of the same recordings, and their difference with its interval.

    Both are read of the same draws, so what the recordings have in common, being easy or hard, drops out.

    Args:
        first: from ``scored``.
        second: the other prediction, of the same recordings in the same order; a difference is second minus first.
        groups: as for ``intervals``.
        level: as for ``intervals``.
        draws: as for ``intervals``.
        seed: as for ``intervals``.

    Raises:
        InputError: the two are not of the same recordings, classes and convention, or an argument is not what was
            expected.
    """
    _check_same(first, second)
    weights, unit = weights_of(first.names, groups, level, draws, seed)
    both = first.levels(), second.levels()
    known = set(paths(both[1]))
    at = [path for path in paths(both[0]) if path in known]
    before, after = (numbers(levels, at) for levels in both)
    drawn = scores_under(second, weights, at) - scores_under(first, weights, at)
    leaves = []
    for k in range(len(at)):
        low, high = ends(drawn[:, k], level)
        leaves.append(_change(float(before[k]), float(after[k]), low, high))
    few = [ranking_draws(side.soft.steps, draws) for side in (first, second) if side.soft is not None]
    return ComparisonRecord(
        **_levels(nested(at, leaves)),
        recordings=len(first),
        level=level,
        draws=draws,
        unit=unit,
        seed=seed,
        ranking_draws=min(few, default=None),
        conventions=first.conventions(),
    )


def _change(before: float, after: float, low: float, high: float) -> dict[str, Any]:
    return {
        "first": before,
        "second": after,
        "difference": after - before,
        "interval": [low, high],
        "excludes_zero": low > 0 or high < 0,
    }


def _levels(told: dict[str, Any]) -> dict[str, Any]:
    return {level: told.get(level) for level in ("step", "segment", "count")}


def _check_same(first: Scored, second: Scored) -> None:
    for name, sides in (
        ("recordings", (first.names, second.names)),
        ("classes", (first.step.labels, second.step.labels)),
        ("presets", (first.preset.name, second.preset.name)),
    ):
        if sides[0] != sides[1]:
            raise InputError(f"compare: expected two predictions of the same {name}. Received {sides!s:.200}")
    same = np.array_equal(first.step.judged, second.step.judged)
    if first.tally is not None and second.tally is not None:
        same = same and np.array_equal(first.tally.reference, second.tally.reference)
    if not same:
        raise InputError("compare: expected two predictions of the same reference. Received references that differ")
