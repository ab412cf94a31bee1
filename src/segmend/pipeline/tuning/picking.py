"""Who picks the values of the next trial, and who gives up a trial: Optuna's samplers and pruners, and a grid."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np

from segmend.planning.space import Pick, Tunable

SAMPLERS = ("tpe", "random", "grid")
PRUNERS = ("median", "none")
WARMUP, BEFORE = 3, 4
"""Rungs and trials before which nothing is pruned."""


def sampler_of(name: str, seed: int, *, asked: int, workers: int) -> Any:
    """A sampler for one trial; a grid's trials wait in the journal, so that any sampler does."""
    from optuna.samplers import RandomSampler, TPESampler

    if name != "tpe":
        return RandomSampler(seed=seed)
    return TPESampler(seed=seed, n_startup_trials=min(10, max(BEFORE, asked // 4)), constant_liar=workers > 1)


def seed_of(*told: int) -> int:
    """A seed that follows from several numbers.

    >>> seed_of(0, 0, 3) == seed_of(0, 0, 3), seed_of(0, 0, 3) == seed_of(0, 1, 3)
    (True, False)
    """
    return int(np.random.SeedSequence(told).generate_state(1)[0])


def pruner_of(name: str) -> Any:
    """What gives up a trial whose best score so far is below the median of the others at the same rung."""
    from optuna.pruners import MedianPruner, NopPruner

    return MedianPruner(n_startup_trials=BEFORE, n_warmup_steps=WARMUP) if name == "median" else NopPruner()


def grid_size(space: dict[str, Tunable]) -> int:
    """How many points the grid of a space has."""
    return math.prod(len(tunable.picks) for tunable in space.values())


def grid_points(space: dict[str, Tunable], number: int, seed: int) -> list[dict[str, Pick]]:
    """Points of the grid, each once: the planned values first, the others as drawn.

    A longer list begins with the shorter one.

    Args:
        space: what is tuned.
        number: of points, at most ``grid_size``.
        seed: decides the order.
    """
    size, draw = grid_size(space), random.Random(seed)
    found = {0: _point(space, 0)}
    while len(found) < min(number, size):
        place = draw.randrange(size)
        found.setdefault(place, _point(space, place))
    return list(found.values())


def _point(space: dict[str, Tunable], place: int) -> dict[str, Pick]:
    picks: dict[str, Pick] = {}
    for key, tunable in space.items():
        place, digit = divmod(place, len(tunable.picks))
        picks[key] = tunable.picks[digit]
    return picks
