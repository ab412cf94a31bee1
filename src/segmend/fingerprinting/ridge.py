"""Ridge regression in closed form, from sums that are taken in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.core.types import FloatArray, IntArray

LEAST = 1e-3
"""Least penalty, relative to the variance of a feature."""


@dataclass(frozen=True, slots=True, eq=False)
class Products:
    """Sums of products of rows, from which regressions of any union and difference of row sets follow.

    Attributes:
        inner: of features (1 first) with features, shape (1 + features, 1 + features).
        outer: of features (1 first) with targets, shape (1 + features, targets).
    """

    inner: FloatArray
    outer: FloatArray

    @classmethod
    def of(cls, rows: FloatArray, targets: FloatArray) -> Products:
        """Of rows of shape (n, features) and their targets, shape (n, targets)."""
        design = np.concatenate((np.ones((len(rows), 1)), rows), axis=1)
        return cls(design.T @ design, design.T @ targets)

    @classmethod
    def none(cls, features: int, targets: int) -> Products:
        """Of no rows."""
        return cls(np.zeros((1 + features, 1 + features)), np.zeros((1 + features, targets)))

    def __add__(self, other: Products) -> Products:
        return Products(self.inner + other.inner, self.outer + other.outer)

    def __sub__(self, other: Products) -> Products:
        return Products(self.inner - other.inner, self.outer - other.outer)

    @property
    def rows(self) -> float:
        """Number of rows."""
        return float(self.inner[0, 0])

    def solve(self, penalty: float) -> FloatArray:
        """Weights, the intercept first, shape (1 + features, targets).

        Features are standardised, so that the penalty does not depend on their units; those that do not vary weigh
        nothing.

        Args:
            penalty: added to the variance, 1, of each feature.

        Source: Hoerl, Kennard, Ridge regression: biased estimation for nonorthogonal problems, Technometrics 12 (1970).

        Examples:
            >>> rows = np.arange(4.0)[:, np.newaxis]
            >>> Products.of(rows, 2 * rows + 1).solve(0.0).round(6).tolist()
            [[1.0], [2.0]]
        """
        mean, target = self.inner[0, 1:] / self.rows, self.outer[0] / self.rows
        spread = self.inner[1:, 1:] / self.rows - np.outer(mean, mean)
        variance = np.diagonal(spread)
        varies = variance > 1e-12 * (np.square(mean) + variance.max(initial=0.0))
        scale = np.sqrt(np.where(varies, variance, 1))
        together = np.where(np.outer(varies, varies), spread / np.outer(scale, scale), 0)
        towards = (self.outer[1:] / self.rows - np.outer(mean, target)) / scale[:, np.newaxis]
        towards = np.where(varies[:, np.newaxis], towards, 0)
        together[np.diag_indices_from(together)] = np.where(varies, 1 + penalty, 1)
        weights = np.linalg.solve(together, towards) / scale[:, np.newaxis]
        return np.concatenate(((target - mean @ weights)[np.newaxis], weights))


def by_fold(
    found: Sequence[FloatArray], true: Sequence[FloatArray | IntArray], fold: IntArray, folds: int, independent: float
) -> FloatArray:
    """Weights of each fold, fitted on the recordings of all others, and at last of all.

    Args:
        found: features of each recording, shape (n, features).
        true: targets of each, shape (n, targets).
        fold: number of the fold that each recording is of.
        folds: how many there are.
        independent: number of segments. Rows of one segment resemble each other, so that the penalty, as many features
            as there are to an independent row, is that of segments.

    Returns:
        Shape (folds + 1, 1 + features, targets).
    """
    features, targets = found[0].shape[1], true[0].shape[1]
    parts = [Products.none(features, targets) for _ in range(folds)]
    # Less what is common to them: squares of features far from 0 would lose their digits.
    common = next(each.mean(axis=0, dtype=np.float64) for each in found if len(each))
    for part, rows, wanted in zip(fold.tolist(), found, true, strict=True):
        parts[part] += Products.of(rows - common, wanted.astype(np.float64))
    whole = sum(parts, Products.none(features, targets))
    penalty = max(LEAST, features / max(1.0, independent))
    weights = np.stack([(whole - part).solve(penalty) for part in parts] + [whole.solve(penalty)])
    weights[:, 0] -= common @ weights[:, 1:]
    return weights


def apply(weights: FloatArray, rows: FloatArray) -> FloatArray:
    """What weights say of rows, shape (n, targets)."""
    return rows @ weights[1:] + weights[0]
