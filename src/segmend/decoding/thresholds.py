"""A threshold of its own for each class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.decoding.base import FLOOR, StepDecoder, judged_rows
from segmend.decoding.statistics import RunTable


@dataclass(frozen=True, slots=True, eq=False)
class Thresholds(StepDecoder):
    """The class whose probability is highest in units of its threshold; background where none reaches its own.

    Each class's threshold is the one with the best F1 over steps, drawn towards the shared threshold where it has few
    segments (a geometric mean, ``shrink`` counting as that many segments). A class whose best F1 is no better than
    that of answering it everywhere is not told apart by its probability and gets the shared one: its best threshold
    would be "all positive" (Lipton et al. 2014).

    Attributes:
        labels: class names and the background.
        threshold: shape (classes,); the background's is not used.

    Examples:
        >>> decoder = Thresholds(Labels.numbered(3), threshold=np.array([0.5, 0.5, 0.2]))
        >>> decoder.decode(np.array([[0.6, 0.1, 0.3], [0.6, 0.3, 0.1], [0.2, 0.6, 0.2]]))
        array([2, 0, 1])
    """

    name: ClassVar[str] = "thresholds"
    whole: ClassVar[bool] = True
    grid: ClassVar[Mapping[str, tuple[float, ...]]] = {
        "shared": (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95),
        "shrink": (0.0, 10.0, 100.0, 1e9),
    }
    start: ClassVar[Mapping[str, float]] = {"shared": 0.5, "shrink": 10.0}

    labels: Labels
    threshold: FloatArray

    def _decode(self, y_prob: FloatArray) -> IntArray:
        ratio = y_prob / self.threshold
        background = self.labels.background
        if background is not None:
            ratio[:, background] = 1.0 - 1e-12  # a class that just reaches its threshold wins
        return np.argmax(ratio, axis=1)

    def parameters(self) -> dict[str, Any]:
        """One threshold per class."""
        return {"threshold": self.threshold.tolist()}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any], labels: Labels) -> Self:
        """The decoder back from ``parameters()``."""
        return cls(labels, np.asarray(parameters["threshold"], float))

    @classmethod
    def learn(cls, y_prob: Sequence[FloatArray], y_true: Sequence[IntArray], labels: Labels, **setting: float) -> Self:
        """The best threshold of each class, shrunk towards ``shared``."""
        prob, true = judged_rows(y_prob, y_true, len(labels))
        segments = np.bincount(RunTable.of(y_true).label, minlength=len(labels))
        shared, shrink = setting["shared"], setting["shrink"]
        threshold = np.full(len(labels), shared)
        for k in labels.foreground:
            own = best_threshold(prob[:, k], true == k)
            if own is not None and segments[k] + shrink > 0:
                share = segments[k] / (segments[k] + shrink)
                threshold[k] = np.exp(share * np.log(max(own, FLOOR)) + (1 - share) * np.log(shared))
        return cls(labels, threshold)


def best_threshold(score: FloatArray, positive: BoolArray) -> float | None:
    """The threshold with the highest F1 of ``score >= threshold``; O(n log n).

    Args:
        score: shape (steps,).
        positive: True where the class is present, shape (steps,).

    Returns:
        The highest of the best thresholds, or None where answering "all positive" is as good, or nothing is positive.

    Examples:
        >>> best_threshold(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, True, False, True]))
        0.4
        >>> best_threshold(np.array([0.5, 0.5]), np.array([False, True])) is None
        True
    """
    if not positive.any():
        return None
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    hits = np.cumsum(positive[order])
    last = np.append(ranked[1:] != ranked[:-1], True)  # equal scores are taken together
    chosen = np.arange(1, len(score) + 1)
    f1 = np.where(last, 2 * hits / (chosen + hits[-1]), -1.0)
    best = int(np.argmax(f1))
    return float(ranked[best]) if f1[best] > f1[-1] else None
