"""How long segments of each class last: families of distributions, and which of them the labelled ones speak for."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from segmend.core.types import FloatArray, IntArray
from segmend.decoding.statistics import PSEUDO_SEGMENTS, RunTable, log_normal_durations, short_durations

GAIN = 3.0
"""Nats of likelihood, over all segments of a class, by which a family must be better than the log-normal."""

SHARED = 19
"""Quantiles that stand for the segments of all classes where they are mixed into those of one."""

STEPS = 60
"""Newton steps of a fit; it ends sooner where nothing moves."""


class Family(NamedTuple):
    """A distribution of two parameters.

    Attributes:
        fit: the most likely parameters of lengths with weights.
        log_density: log density of lengths, under parameters of shape (classes, 1).
    """

    fit: Callable[[FloatArray, FloatArray], tuple[float, float]]
    log_density: Callable[[FloatArray, FloatArray, FloatArray], FloatArray]


def _fit_log_normal(length: FloatArray, weight: FloatArray) -> tuple[float, float]:
    logs = np.log(length)
    mean = float(np.average(logs, weights=weight))
    return mean, max(math.sqrt(float(np.average((logs - mean) ** 2, weights=weight))), 0.1)


def _log_normal(length: FloatArray, mean: FloatArray, spread: FloatArray) -> FloatArray:
    deviation = (np.log(length) - mean) / spread
    found: FloatArray = -np.log(length) - np.log(spread * math.sqrt(2 * math.pi)) - 0.5 * deviation**2
    return found


def _fit_gamma(length: FloatArray, weight: FloatArray) -> tuple[float, float]:
    """Shape and scale; Newton on log(shape) - digamma(shape) = log(mean) - mean(log), begun as Minka (2002) says."""
    mean = float(np.average(length, weights=weight))
    gap = max(math.log(mean) - float(np.average(np.log(length), weights=weight)), 0.005)
    shape = (3 - gap + math.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)
    for _ in range(STEPS):
        step = (math.log(shape) - float(digamma(shape)) - gap) / (1 / shape - float(polygamma(1, shape)))
        before, shape = shape, max(shape - step, shape / 2)
        if abs(shape - before) < 1e-9 * before:
            break
    return shape, mean / shape


def _log_gamma(length: FloatArray, shape: FloatArray, scale: FloatArray) -> FloatArray:
    found: FloatArray = (shape - 1) * np.log(length) - length / scale - gammaln(shape) - shape * np.log(scale)
    return found


def _fit_weibull(length: FloatArray, weight: FloatArray) -> tuple[float, float]:
    """Shape and scale; Newton on the profile likelihood of the shape, its logarithm kept within reason."""
    logs = np.log(length)
    centre = float(np.average(logs, weights=weight))
    logs = logs - centre
    shape = 1.28 / max(math.sqrt(float(np.average(logs**2, weights=weight))), 0.1)
    for _ in range(STEPS):
        power = weight * np.exp(np.clip(shape * logs, -700, 700))
        first, second = (power * logs).sum() / power.sum(), (power * logs**2).sum() / power.sum()
        step = (first - 1 / shape) / (second - first**2 + 1 / shape**2)
        before, shape = shape, float(np.clip(shape - step, shape / 2, min(2 * shape, 15.0)))
        if abs(shape - before) < 1e-9 * before:
            break
    scale = float(np.average(np.exp(shape * logs), weights=weight)) ** (1 / shape)
    return shape, scale * math.exp(centre)


def _log_weibull(length: FloatArray, shape: FloatArray, scale: FloatArray) -> FloatArray:
    ratio = np.log(length) - np.log(scale)
    found: FloatArray = np.log(shape) - np.log(length) + shape * ratio - np.exp(np.minimum(shape * ratio, 700.0))
    return found


FAMILIES = {
    "log_normal": Family(_fit_log_normal, _log_normal),
    "gamma": Family(_fit_gamma, _log_gamma),
    "weibull": Family(_fit_weibull, _log_weibull),
}


@dataclass(frozen=True, slots=True, eq=False)
class Durations:
    """A distribution of durations for each class.

    Attributes:
        mean, spread: of the log duration in steps, shape (classes,), whatever the family.
        family: name of each class's family.
        first, second: its parameters, shape (classes,): mean and spread of the logarithm, or shape and scale.

    Examples:
        >>> steps = np.repeat([0, 1, 0, 1, 0], [5, 20, 7, 22, 6])
        >>> found = Durations.of(RunTable.of([steps]), 2)
        >>> found.family, found.log_weight(np.array([6, 20])).shape
        (('log_normal', 'log_normal'), (2, 2))
    """

    mean: FloatArray
    spread: FloatArray
    family: tuple[str, ...]
    first: FloatArray
    second: FloatArray

    @classmethod
    def of(cls, table: RunTable, classes: int) -> Self:
        """The family of each class under which its segments are likeliest, where that is clear, else the log-normal.

        Classes with few segments are drawn towards all segments together (``PSEUDO_SEGMENTS``), as in
        ``log_normal_durations``. Runs whose length is not known are left out.
        """
        mean, spread = log_normal_durations(table, classes)
        known = table.whole if table.whole.any() else np.ones_like(table.whole)
        length, label = table.length[known].astype(float), table.label[known]
        family, first, second = ["log_normal"] * classes, mean.copy(), spread.copy()
        for k in range(classes):
            own = length[label == k]
            if own.size > 1:
                family[k], first[k], second[k] = _likeliest(own, length, (mean[k], spread[k]))
        return cls(mean, spread, tuple(family), first, second)

    def in_cells(self, stride: int) -> Self:
        """The same of durations counted in cells of ``stride`` steps."""
        by_log = np.array([name == "log_normal" for name in self.family])
        first = np.where(by_log, self.first - math.log(stride), self.first)
        second = np.where(by_log, self.second, self.second / stride)
        return replace(self, mean=self.mean - math.log(stride), first=first, second=second)

    def log_weight(self, length: IntArray) -> FloatArray:
        """Log density of durations, shape (classes, lengths) from lengths of shape (lengths,).

        Below the 5th percentile no family makes durations likelier than the log-normal does: there are none from which
        the lower tail could be told, and it is what keeps noise from being decoded as segments.
        """
        found = np.empty((len(self.family), len(length)))
        for name in set(self.family):
            rows = [k for k, own in enumerate(self.family) if own == name]
            first, second = self.first[rows, None], self.second[rows, None]
            found[rows] = FAMILIES[name].log_density(length.astype(float)[None], first, second)
        usual = _log_normal(length.astype(float)[None], self.mean[:, None], self.spread[:, None])
        short = length < short_durations(self.mean, self.spread)[:, None]
        return np.where(short, np.minimum(found, usual), found)

    def parameters(self) -> dict[str, Any]:
        """All of it as lists."""
        columns = {key: getattr(self, key).tolist() for key in ("mean", "spread", "first", "second")}
        return {**columns, "family": list(self.family)}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any]) -> Self:
        """The durations back from ``parameters()``."""
        mean, spread, first, second = (
            np.asarray(parameters[key], float) for key in ("mean", "spread", "first", "second")
        )
        family = tuple(parameters["family"])
        if unknown := set(family) - set(FAMILIES):
            raise ValueError(f"expected families among {list(FAMILIES)}, not {sorted(unknown)[0]}")
        return cls(mean, spread, family, first, second)


def _likeliest(own: FloatArray, every: FloatArray, usual: tuple[float, float]) -> tuple[str, float, float]:
    """Name and parameters of the family that is clearly best for a class's lengths."""
    length = np.concatenate([own, np.quantile(every, np.linspace(0, 1, SHARED + 2)[1:-1])])
    weight = np.concatenate([np.ones(own.size), np.full(SHARED, PSEUDO_SEGMENTS / SHARED)])

    def likelihood(name: str, pair: tuple[float, float]) -> float:
        return float(FAMILIES[name].log_density(own, *map(np.asarray, pair)).sum())

    found = {name: each.fit(length, weight) for name, each in FAMILIES.items() if name != "log_normal"}
    best = max(found, key=lambda name: likelihood(name, found[name]))
    if likelihood(best, found[best]) <= likelihood("log_normal", usual) + GAIN:
        return ("log_normal", *usual)
    return (best, *found[best])
