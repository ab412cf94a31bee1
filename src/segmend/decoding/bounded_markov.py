"""The best segmentation when no segment of a class is shorter than its minimum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.base import StepDecoder, log_probabilities
from segmend.decoding.statistics import RunTable, log_normal_durations, short_durations, transitions


@dataclass(frozen=True, slots=True, eq=False)
class BoundedMarkov(StepDecoder):
    """Maximises emission * (summed log probability) + durations + transitions - price * (number of segments).

    A semi-Markov model (as ``SemiMarkov``) whose segments last at least ``shortest`` steps and then end at every step
    with the same probability: a geometric duration after a minimum, as of a chain of equal states (Russell and Cook
    1987). Exact at full resolution in O(steps x classes^2), however long segments are. A recording shorter than a
    minimum may be one segment of that class.

    Attributes:
        labels: class names and the background.
        shortest: minimum duration in steps, shape (classes,).
        stay: log probability of a further step beyond the minimum, shape (classes,).
        follow, begin, end: log probabilities, shapes (classes, classes), (classes,), (classes,).
        emission: weight of the log probabilities.
        price: cost of each segment, in nats.

    Examples:
        >>> truth = np.repeat([0, 1, 0, 1, 0], 8)
        >>> sure = np.where(truth[:, None] == [0, 1], 0.8, 0.2)
        >>> decoder = BoundedMarkov.learn([sure], [truth], Labels.numbered(2), emission=1.0, share=0.5, price=0.0)
        >>> sure[3:5] = [0.2, 0.8]
        >>> decoder.shortest.tolist(), bool((decoder.decode(sure) == truth).all())
        ([3, 3], True)
    """

    name: ClassVar[str] = "bounded_markov"
    grid: ClassVar[Mapping[str, tuple[float, ...]]] = {
        "emission": (0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.45, 0.7, 1.0, 1.5),
        "share": (0.0, 0.25, 0.5, 0.75, 1.0),
        "price": (-2.0, 0.0, 2.0, 4.0, 8.0),
    }
    start: ClassVar[Mapping[str, float]] = {"emission": 0.3, "share": 0.5, "price": 0.0}

    labels: Labels
    shortest: IntArray
    stay: FloatArray
    follow: FloatArray
    begin: FloatArray
    end: FloatArray
    emission: float
    price: float

    def _decode(self, y_prob: FloatArray) -> IntArray:
        from segmend.decoding.kernels import best_segmentation

        shortest = np.clip(self.shortest, 1, len(y_prob))
        duration = np.log1p(-np.exp(self.stay))[:, None] * np.ones((1, int(shortest.max())))
        return best_segmentation(
            self.emission * log_probabilities(y_prob),
            duration,
            shortest,
            shortest,
            self.stay,
            self.follow - self.price,
            self.begin - self.price,
            self.end,
        )

    def parameters(self) -> dict[str, Any]:
        """The learnt statistics as lists, and the two weights."""
        follow = np.where(np.isfinite(self.follow), self.follow, 0.0)  # the diagonal, which is never read
        arrays = {key: getattr(self, key).tolist() for key in ("shortest", "stay", "begin", "end")}
        return {**arrays, "follow": follow.tolist(), "emission": float(self.emission), "price": float(self.price)}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any], labels: Labels) -> Self:
        """The decoder back from ``parameters()``."""
        arrays = {key: np.asarray(parameters[key], float) for key in ("stay", "follow", "begin", "end")}
        return cls(
            labels,
            shortest=np.asarray(parameters["shortest"], np.int64),
            **arrays,
            emission=float(parameters["emission"]),
            price=float(parameters["price"]),
        )

    @classmethod
    def learn(cls, y_prob: Sequence[FloatArray], y_true: Sequence[IntArray], labels: Labels, **setting: float) -> Self:
        """Minima are ``share`` times the 5th percentile of each class; beyond them the mean duration is kept."""
        table = RunTable.of(y_true)
        mean, spread = log_normal_durations(table, len(labels))
        shortest = np.maximum(1, setting["share"] * short_durations(mean, spread)).astype(np.int64)
        beyond = np.maximum(np.exp(mean + 0.5 * spread**2) - shortest, 0.0)
        follow, begin, end = transitions(table, len(labels))
        return cls(
            labels,
            shortest=shortest,
            stay=np.log(np.maximum(beyond / (1 + beyond), 1e-6)),
            follow=follow,
            begin=begin,
            end=end,
            emission=setting["emission"],
            price=setting["price"],
        )
