"""All scores of all draws, as one matrix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.scoring.bootstrap import resamples
from segmend.scoring.levels.step import AVERAGES
from segmend.scoring.scored import Scored
from segmend.scoring.steps.calibration import Calibration, calibration_under
from segmend.scoring.uncertainty.leaves import Path, numbers
from segmend.scoring.uncertainty.ranking import ranked_under, ranking_draws


def weights_of(
    names: Sequence[str], groups: Sequence[Any] | None, level: float, draws: int, seed: int
) -> tuple[FloatArray, str]:
    """How often each recording counts in each draw, whatever the order of the recordings, and what was resampled.

    Raises:
        InputError: an argument of ``intervals`` is not what was expected.
    """
    if not 0 < level < 1:
        raise InputError(f"level: expected a share between 0 and 1. Received {level}")
    if draws < 1 or draws != int(draws):
        raise InputError(f"draws: expected a whole number above 0. Received {draws}")
    if groups is not None and len(groups) != len(names):
        raise InputError(f"groups: expected one value for each of {len(names)} recordings. Received {len(groups)}")
    order = np.argsort(np.array(names, dtype=object), kind="stable")
    sorted_groups = None if groups is None else [groups[k] for k in order]
    weights, unit = resamples(len(names), sorted_groups, int(draws), np.random.default_rng(seed))
    return weights[:, np.argsort(order)], unit


def scores_under(scored: Scored, weights: FloatArray, at: Sequence[Path]) -> FloatArray:
    """The scores at paths under each weighting of recordings, shape (draws, paths).

    Ranking scores, where there are too many steps for all draws, are NaN from ``ranking_draws`` on.
    """
    recordings = np.arange(len(scored))
    rows = [numbers(scored.levels(np.repeat(recordings, row)), at) for row in weights.astype(np.int64)]
    values = np.stack(rows)
    column = {path: k for k, path in enumerate(at)}
    for path, drawn in _of_probabilities(scored, weights):
        if path in column:
            values[: len(drawn), column[path]] = drawn
    return values


def _of_probabilities(scored: Scored, weights: FloatArray) -> Iterator[tuple[Path, FloatArray]]:
    """Ranking and calibration of each draw, by path."""
    if scored.soft is None:
        return
    steps, owner, scale = scored.soft.steps, scored.owner, scored.preset.scale
    few = ranking_draws(steps, len(weights))
    for name, found in ranked_under(steps, owner, weights[:few]).items():
        for k, label in enumerate(scored.step.labels.names):
            yield ("step", "per_class", label, name), found.per_class[:, k] * scale
        for average in AVERAGES:
            yield ("step", average, name), getattr(found, average) * scale
    for name, drawn in zip(Calibration._fields, calibration_under(steps, owner, weights), strict=True):
        yield ("step", "calibration", name), drawn
