"""Segmentations drawn as likely as evidence, durations, transitions and occurrences make them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np

from segmend.core.labels import Labels
from segmend.core.segments import runs
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.durations import Durations
from segmend.decoding.evidence import Shown
from segmend.decoding.statistics import RunTable, transitions

EXPLICIT = 3.0
"""Durations up to this many deviations above the mean log duration are weighed one by one; beyond, exponentially."""

LONGEST = 256
"""The same in cells, at most, so that a recording takes time in proportion to its length."""

MOST = 6
"""Occurrences of a class in a recording are told apart up to this number."""

STAGES, ROUNDS = 4, 3
FIELDS = ("follow", "begin", "end", "occurrence")


class Weights(NamedTuple):
    """How much each part counts.

    Attributes:
        raw, calibrated: of the log probabilities over a usual segment.
        edge: of the log odds of a border.
        price: cost of a segment, in nats.
    """

    raw: float
    calibrated: float
    edge: float
    price: float


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """What labelled recordings tell about segmentations: how long, what follows what, how often.

    Attributes:
        durations: in cells, of each class.
        follow, begin, end: log probabilities, shapes (classes, classes), (classes,), (classes,).
        occurrence: log probability of 0, 1, ... segments of a class in a recording, shape (classes, ``MOST`` + 1), the
            last meaning that many or more; 0 for the background.
    """

    durations: Durations
    follow: FloatArray
    begin: FloatArray
    end: FloatArray
    occurrence: FloatArray

    @classmethod
    def of(cls, y_true: Sequence[IntArray], labels: Labels, stride: int) -> Self:
        """The statistics of recordings without ignored steps, in cells of ``stride`` steps."""
        table = RunTable.of(y_true)
        durations = Durations.of(table, len(labels)).in_cells(stride)
        follow, begin, end = transitions(table, len(labels))
        return cls(durations, follow, begin, end, occurrences(y_true, labels))

    def draw(
        self, shown: Shown, weights: Weights, unit: float, *, emission: float, occurrence: float, draws: int, seed: int
    ) -> IntArray:
        """Segmentations of one recording.

        Args:
            shown: what the scores tell.
            weights: of the parts.
            unit: cells in a usual segment.
            emission: factor on the weights of what the scores tell.
            occurrence: weight of how often each class occurs.
            draws: number of segmentations.
            seed: of the random numbers.

        Returns:
            Class of each cell, shape (draws, cells).
        """
        from segmend.decoding.kernels_posterior import NEVER, Model, anneal, draw_paths, forward

        score = (emission / unit) * (weights.raw * shown.raw + weights.calibrated * shown.calibrated)
        edge = emission * weights.edge * shown.edge
        duration, explicit, slope = self._durations(len(score))
        follow = self.follow - weights.price
        np.fill_diagonal(follow, NEVER)
        often = occurrence * self.occurrence
        model = Model(edge, duration, explicit, slope, follow, self.begin, self.end, often)
        rng = np.random.default_rng(seed)
        paths = draw_paths(forward(score, model), model, draws, rng)
        return anneal(paths, model, STAGES, ROUNDS, rng) if occurrence else paths

    def _durations(self, cells: int) -> tuple[FloatArray, IntArray, FloatArray]:
        """Log weights of durations, as the kernels want them."""
        mean, spread = self.durations.mean, self.durations.spread
        longest = np.ceil(np.exp(np.clip(mean + EXPLICIT * spread, 0.0, math.log(LONGEST))))
        explicit = np.clip(longest, 2, max(cells, 2)).astype(np.int64)
        length = np.arange(1, int(explicit.max()) + 1)
        weight = self.durations.log_weight(length)
        own = np.arange(len(explicit))
        slope = np.minimum(weight[own, explicit - 1] - weight[own, explicit - 2], -1e-3)
        return weight, explicit, slope

    def parameters(self) -> dict[str, Any]:
        """The statistics as lists; the diagonal of ``follow``, which is never read, as 0."""
        finite = {name: np.where(np.isfinite(rows := getattr(self, name)), rows, 0.0) for name in FIELDS}
        return {"durations": self.durations.parameters(), **{name: rows.tolist() for name, rows in finite.items()}}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any]) -> Self:
        """The statistics back from ``parameters()``."""
        durations = Durations.from_parameters(parameters["durations"])
        return cls(durations, **{name: np.asarray(parameters[name], float) for name in FIELDS})


def occurrences(y_true: Sequence[IntArray], labels: Labels) -> FloatArray:
    """Log probability of each number of segments of a class in a recording, smoothed towards that of all classes.

    Returns:
        Shape (classes, ``MOST`` + 1); 0 for the background, of which there may be any number.

    Examples:
        >>> once = occurrences([np.array([0, 1, 1, 0, 2]), np.array([1, 0, 2])], Labels.numbered(3))
        >>> once.argmax(axis=1).tolist(), once[0].any()
        ([0, 1, 1], np.False_)
    """
    classes = len(labels)
    counts = [np.bincount(runs(true)[2], minlength=classes) for true in y_true]
    number = np.minimum(np.stack(counts), MOST)
    seen = (number[:, :, None] == np.arange(MOST + 1)).sum(axis=0).astype(np.float64)
    items = np.isin(np.arange(classes), labels.foreground)
    shared = seen[items].sum(axis=0) + 1e-9
    seen += shared / shared.sum() + 1 / (MOST + 1)
    seen[~items] = 1.0
    table = np.log(seen / seen.sum(axis=1, keepdims=True))
    table[~items] = 0.0
    return table
