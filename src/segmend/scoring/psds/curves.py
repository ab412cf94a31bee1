"""From counts at all thresholds to a curve per class and the area under their mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.core.types import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The operating points of a class that no other beats, from the strictest on; left of the first nothing is found.

    Attributes:
        efpr: effective false alarms per hour, ascending, shape (points,).
        tpr: share of the references found, ascending; it holds up to the next point.
        threshold: a step is detected from this score on.
    """

    efpr: FloatArray
    tpr: FloatArray
    threshold: FloatArray

    def at(self, efpr: FloatArray) -> FloatArray:
        """The share of references found at given rates of false alarms."""
        return np.concatenate(([0.0], self.tpr))[np.searchsorted(self.efpr, efpr, "right")]


def best_points(efpr: FloatArray, tpr: FloatArray, threshold: FloatArray) -> Curve:
    """The curve through operating points in any order.

    >>> best_points(np.array([6.0, 0.0, 3.0]), np.array([0.5, 0.5, 1.0]), np.array([0.1, 0.9, 0.4])).tpr
    array([0.5, 1. ])
    """
    order = np.lexsort((-tpr, efpr))
    ascending = np.maximum.accumulate(tpr[order])
    kept = order[np.diff(ascending, prepend=0.0) > 0]
    return Curve(efpr[kept], tpr[kept], threshold[kept])


def mean_curve(curves: Sequence[Curve], alpha_st: float, max_efpr: float) -> tuple[FloatArray, FloatArray, float]:
    """The curve over classes, ``max(0, mean - alpha_st * std)``, and the normalised area under it.

    Args:
        curves: at least one.
        alpha_st: standard deviations (of the population of classes) taken off the mean.
        max_efpr: where the area ends.

    Returns:
        False alarms per hour where the curve changes, its height from there on, the area divided by ``max_efpr``.

    Examples:
        >>> curves = [Curve(np.array([25.0]), np.array([1.0]), np.array([0.5]))]
        >>> mean_curve(curves, 0.0, 100.0)
        (array([ 0., 25.]), array([0., 1.]), 0.75)
    """
    rates = np.unique(np.concatenate([np.zeros(1), *(curve.efpr for curve in curves)]))
    rates = rates[rates < max_efpr]
    ratios = np.stack([curve.at(rates) for curve in curves])
    height = np.maximum(ratios.mean(axis=0) - alpha_st * ratios.std(axis=0), 0.0)
    return rates, height, float(np.diff(rates, append=max_efpr) @ height / max_efpr)
