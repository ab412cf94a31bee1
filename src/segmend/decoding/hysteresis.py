"""A segment needs a sure step, and then holds as long as it is likely enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from segmend.core.labels import Labels
from segmend.core.segments import runs
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.decoding.base import StepDecoder, strongest


@dataclass(frozen=True, slots=True)
class Hysteresis(StepDecoder):
    """Steps of at least ``low``, in stretches that reach ``high``; the most probable class of those, else background.

    Each class is thresholded by itself (Canny 1986, for edges). Without a background,
    a step at which no class holds keeps its most probable one.

    Attributes:
        labels: class names and the background.
        low: probability down to which a segment holds.
        high: probability that it reaches somewhere.

    Examples:
        >>> present = np.array([0.1, 0.4, 0.8, 0.3, 0.1, 0.4, 0.1])
        >>> Hysteresis(Labels.numbered(2), low=0.25, high=0.7).decode(np.stack([1 - present, present], axis=1))
        array([0, 1, 1, 1, 0, 0, 0])
    """

    name: ClassVar[str] = "hysteresis"
    grid: ClassVar[Mapping[str, tuple[float, ...]]] = {
        "high": (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99),
        "ratio": (0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 1.0),
    }
    start: ClassVar[Mapping[str, float]] = {"high": 0.5, "ratio": 0.7}

    labels: Labels
    low: float
    high: float

    def _decode(self, y_prob: FloatArray) -> IntArray:
        return strongest(y_prob, self.labels, lambda k: _reaching(y_prob[:, k], self.low, self.high))

    def parameters(self) -> dict[str, Any]:
        """Both thresholds."""
        return {"low": float(self.low), "high": float(self.high)}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any], labels: Labels) -> Self:
        """The decoder back from ``parameters()``."""
        return cls(labels, low=float(parameters["low"]), high=float(parameters["high"]))

    @classmethod
    def learn(cls, y_prob: Sequence[FloatArray], y_true: Sequence[IntArray], labels: Labels, **setting: float) -> Self:
        """The decoder at one pair of thresholds; nothing else is learnt."""
        return cls(labels, low=setting["ratio"] * setting["high"], high=setting["high"])


def _reaching(score: FloatArray, low: float, high: float) -> BoolArray:
    """The steps of at least ``low`` whose stretch has one of at least ``high``, shape (steps,)."""
    start, stop, above = runs((score >= low).astype(np.int64))
    sure = np.maximum.reduceat(score, start) >= high
    return np.repeat((above == 1) & sure, stop - start)
