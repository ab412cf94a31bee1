"""Scores of recordings drawn anew, from which intervals are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score

from segmend.scoring.bootstrap import ends, resamples
from segmend.scoring.readings import Counts, f1

DRAWS, LEVEL = 2000, 0.95
FEW = 200
"""Draws where each of them ranks all recordings anew."""

LARGER = {"f1@50": True, "count_mae": False, "macro_f1": True, "macro_ap": True}
"""The scores that recipes are ranked by, and whether more is better."""


Records = Sequence[dict[str, Any]]


def interval(records: Records, score: str, less: Records | None = None) -> tuple[float, float]:
    """The 95 % interval of a recipe's mean score over its seeds, or of that less the mean of another recipe.

    Groups of test recordings are drawn with replacement, the same for both and for all seeds (``scoring.bootstrap``:
    with fewer than six groups, recordings within them); seeds are drawn with replacement for each by itself. With two
    test recordings (gesture_phase, watch_joined), or with people fewer than six (oxford_steps, watch_exercises), such
    an interval says little more than how far recordings lie apart.

    Args:
        records: of one recipe on one set, one per seed.
        score: a key of ``LARGER``.
        less: records of the other recipe.

    Returns:
        The 2.5th and the 97.5th percentile of the draws in which the score is defined.
    """
    rng = np.random.default_rng(0)
    names = sorted(records[0]["recordings"])
    groups = [records[0]["groups"][name] for name in names]
    weights, _ = resamples(len(names), groups, FEW if score == "macro_ap" else DRAWS, rng)
    drawn = _means(records, score, names, weights, rng)
    if less is not None:
        drawn = drawn - _means(less, score, names, weights, rng)
    return ends(drawn, LEVEL)


def _means(records: Records, score: str, names: Sequence[str], weights: Any, rng: np.random.Generator) -> Any:
    """The mean over drawn seeds in each draw of recordings, shape (draws,)."""
    every = np.stack([SCORES[score](record, names, weights) for record in records])
    own = rng.integers(len(records), size=(len(weights), len(records)))
    return every[own, np.arange(len(weights))[:, None]].mean(axis=1)


def segment_f1(record: dict[str, Any], names: Sequence[str], weights: Any) -> Any:
    """F1@50 of pooled segments in each draw, shape (draws,); weights are (draws, recordings)."""
    reference, predicted, matched = (weights @ _column(record, names, k) for k in range(3))
    return f1(Counts(matched, predicted - matched, reference - matched))


def count_mae(record: dict[str, Any], names: Sequence[str], weights: Any) -> Any:
    """Mean distance of counts in each draw, shape (draws,)."""
    return weights @ np.abs(_column(record, names, 1) - _column(record, names, 0)) / weights.sum(axis=1)


def macro_f1(record: dict[str, Any], names: Sequence[str], weights: Any) -> Any:
    """Mean over classes of F1 in each draw, shape (draws,)."""
    true, said = (_hot(record, names, k) for k in range(2))
    tp, fp, fn = (weights @ each.astype(float) for each in (true & said, ~true & said, true & ~said))
    return np.nanmean(f1(Counts(tp, fp, fn)), axis=1)


def macro_ap(record: dict[str, Any], names: Sequence[str], weights: Any) -> Any:
    """Mean over classes that a draw holds of average precision, shape (draws,)."""
    true = _hot(record, names, 0)
    prob = np.array([record["recordings"][name][2] for name in names])
    found = []
    for row in weights:
        there = np.flatnonzero(true[row > 0].any(axis=0))
        own = {"sample_weight": row}
        found.append(np.mean([average_precision_score(true[:, k], prob[:, k], **own) for k in there]))
    return np.array(found)


def _column(record: dict[str, Any], names: Sequence[str], column: int) -> Any:
    return np.array([record["recordings"][name][column] for name in names], np.float64)


def _hot(record: dict[str, Any], names: Sequence[str], column: int) -> Any:
    values = np.array([record["recordings"][name][column] for name in names])
    return values == 1 if record["multilabel"] else values[:, None] == np.arange(record["classes"])


SCORES = {"f1@50": segment_f1, "count_mae": count_mae, "macro_f1": macro_f1, "macro_ap": macro_ap}
