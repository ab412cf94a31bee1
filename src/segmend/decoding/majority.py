"""The label that most steps around have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.base import StepDecoder
from segmend.decoding.statistics import RunTable


@dataclass(frozen=True, slots=True)
class Majority(StepDecoder):
    """The most frequent argmax among the ``reach`` steps before, the step itself and the ``reach`` steps after.

    Also known as mode or median filter. At the ends of a recording the window is cut. Of equally frequent labels the
    step's own wins, then the lowest class number. One recording takes O(steps x classes), whatever the reach.

    Attributes:
        labels: class names and the background.
        reach: half a window, in steps.

    Examples:
        >>> Majority(Labels.numbered(2), reach=1).decode(np.eye(2)[[0, 1, 0, 0, 1, 1, 0, 1]])
        array([0, 0, 0, 0, 1, 1, 1, 1])
    """

    name: ClassVar[str] = "majority"
    grid: ClassVar[Mapping[str, tuple[float, ...]]] = {"share": (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)}
    start: ClassVar[Mapping[str, float]] = {"share": 0.2}

    labels: Labels
    reach: int

    def _decode(self, y_prob: FloatArray) -> IntArray:
        own = np.argmax(y_prob, axis=1)
        steps, classes = y_prob.shape
        at = np.arange(steps)
        first, last = np.maximum(at - self.reach, 0), np.minimum(at + self.reach + 1, steps)
        most = np.zeros(steps, np.int64)
        label = own.copy()
        for k in range(classes):
            before = np.concatenate(([0], np.cumsum(own == k)))
            votes = 2 * (before[last] - before[first]) + (own == k)  # half a vote more decides for the step's own
            ahead = votes > most
            label[ahead], most[ahead] = k, votes[ahead]
        return label

    def parameters(self) -> dict[str, Any]:
        """Half a window, in steps."""
        return {"reach": int(self.reach)}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any], labels: Labels) -> Self:
        """The decoder back from ``parameters()``."""
        return cls(labels, reach=int(parameters["reach"]))

    @classmethod
    def learn(cls, y_prob: Sequence[FloatArray], y_true: Sequence[IntArray], labels: Labels, **setting: float) -> Self:
        """The reach is ``share`` of the median segment, the background's included."""
        length = RunTable.of(y_true).length
        return cls(labels, reach=int(setting["share"] * np.median(length)) if length.size else 0)
