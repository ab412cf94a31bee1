"""The best segmentation when every class has its own durations and successors."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.base import StepDecoder, log_probabilities
from segmend.decoding.durations import Durations
from segmend.decoding.statistics import RunTable, short_durations, transitions

EXPLICIT = 2.5
"""Durations up to this many deviations above the mean log duration are weighed one by one; beyond, exponentially."""

RESOLUTION = 16
"""The coarse grid has at least this many steps in the shortest ordinary segment."""


@dataclass(frozen=True, slots=True, eq=False)
class SemiMarkov(StepDecoder):
    """Maximises emission * (summed log probability) + durations + transitions - price * (number of segments).

    Durations are log-normal, gamma or Weibull, whatever makes the labelled segments of a class likeliest; transitions
    are smoothed bigrams with a beginning and an end; all are learnt. Exact on its grid (segmental Viterbi; Ostendorf et
    al. 1996): one step where segments are short, else ``stride`` steps, chosen so that the 5th percentile of the
    shortest class has 16 grid steps; borders are then refined at full resolution. Beyond the explicit durations the
    tail goes on in a straight line, so no recording is too long.

    Attributes:
        labels: class names and the background.
        durations: in steps, of each class.
        follow, begin, end: log probabilities, shapes (classes, classes), (classes,), (classes,).
        emission: weight of the log probabilities; networks are too sure of neighbouring steps, so it is below 1.
        price: cost of each segment, in nats.
        stride: steps of the recording in one step of the grid.

    Examples:
        >>> truth = np.repeat([0, 1, 0], 8)
        >>> sure = np.where(truth[:, None] == [0, 1], 0.8, 0.2)
        >>> decoder = SemiMarkov.learn([sure], [truth], Labels.numbered(2), emission=1.0, price=0.0)
        >>> sure[4] = [0.3, 0.7]
        >>> bool((decoder.decode(sure) == truth).all())
        True
    """

    name: ClassVar[str] = "semi_markov"
    grid: ClassVar[Mapping[str, tuple[float, ...]]] = {
        "emission": (0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.45, 0.7, 1.0, 1.5),
        "price": (-6.0, -4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0, 7.0),
    }
    start: ClassVar[Mapping[str, float]] = {"emission": 0.3, "price": 0.0}

    labels: Labels
    durations: Durations
    follow: FloatArray
    begin: FloatArray
    end: FloatArray
    emission: float
    price: float
    stride: int = 1

    def _decode(self, y_prob: FloatArray) -> IntArray:
        from segmend.decoding.kernels import best_segmentation, refine_borders

        score = self.emission * log_probabilities(y_prob)
        starts = np.arange(0, len(score), self.stride)
        duration, shown, slope = self._durations(len(starts))
        coarse = best_segmentation(
            np.add.reduceat(score, starts, axis=0) if self.stride > 1 else score,
            duration,
            np.ones_like(shown),
            shown,
            slope,
            self.follow - self.price,
            self.begin - self.price,
            self.end,
        )
        if self.stride == 1:
            return coarse
        path = np.repeat(coarse, self.stride)[: len(score)]
        return refine_borders(path, score, self.durations.mean, self.durations.spread, self.stride)

    def _durations(self, steps: int) -> tuple[FloatArray, IntArray, FloatArray]:
        """Log weights of durations on the grid, as the kernel wants them."""
        mean, spread = self.durations.mean, self.durations.spread
        longest = np.ceil(np.exp(np.minimum(mean + EXPLICIT * spread, 40.0)) / self.stride)
        shown = np.clip(longest, 2, max(steps, 2)).astype(np.int64)
        length = self.stride * np.arange(int(shown.max()), 0, -1)
        weight = self.durations.log_weight(length) + math.log(self.stride)
        last = len(length) - shown
        own = np.arange(len(shown))
        slope = np.minimum(weight[own, last] - weight[own, last + 1], 0.0)
        return np.ascontiguousarray(weight), shown, slope

    def parameters(self) -> dict[str, Any]:
        """The learnt statistics as lists, the two weights and the stride."""
        follow = np.where(np.isfinite(self.follow), self.follow, 0.0)  # the diagonal, which is never read
        return {
            **self.durations.parameters(),
            "follow": follow.tolist(),
            "begin": self.begin.tolist(),
            "end": self.end.tolist(),
            "emission": float(self.emission),
            "price": float(self.price),
            "stride": int(self.stride),
        }

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any], labels: Labels) -> Self:
        """The decoder back from ``parameters()``."""
        arrays = {key: np.asarray(parameters[key], float) for key in ("follow", "begin", "end")}
        return cls(
            labels,
            durations=Durations.from_parameters(parameters),
            **arrays,
            emission=float(parameters["emission"]),
            price=float(parameters["price"]),
            stride=int(parameters["stride"]),
        )

    @classmethod
    def maker(
        cls, y_prob: Sequence[FloatArray], y_true: Sequence[IntArray], labels: Labels
    ) -> Callable[[Mapping[str, float]], Self]:
        """``learn`` as a function of the weights alone; durations and transitions are learnt once."""
        table = RunTable.of(y_true)
        durations = Durations.of(table, len(labels))
        follow, begin, end = transitions(table, len(labels))
        seen = np.bincount(table.label, minlength=len(labels)) > 0
        short = short_durations(durations.mean, durations.spread)[seen].min() if seen.any() else 1.0
        stride = max(1, int(short / RESOLUTION))
        learnt: dict[str, Any] = {"follow": follow, "begin": begin, "end": end, "stride": stride}
        return lambda weights: cls(labels, durations, emission=weights["emission"], price=weights["price"], **learnt)
