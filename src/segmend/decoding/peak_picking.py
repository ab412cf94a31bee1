"""One segment for each peak of a class's probability, peaks at least so far apart: for items that repeat."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.base import StepDecoder, strongest
from segmend.decoding.statistics import RunTable, log_normal_durations

VALLEY = 0.1
"""Where the average falls below this share of the lower peak, two peaks are two items however near they are."""

SOON = 0.05
"""Of the distances from middle to middle, the quantile that counts as how soon the next item of a class may come."""


@dataclass(frozen=True, slots=True, eq=False)
class PeakPicking(StepDecoder):
    """Peaks of the probability, averaged over the length of an item, each grown while the probability holds.

    Of two peaks of one class that lie closer than ``distance`` the higher one stays, unless the average falls to next
    to nothing between them, so that an item is not counted twice; two items whose probability stays above nothing
    between them are told apart where it is lowest. Peak detection as for steps and heartbeats (Pan and Tompkins 1985;
    Salvi et al. 2018). Where classes overlap the more probable one holds; without a background, a step at which none
    holds keeps its most probable class.

    Attributes:
        labels: class names and the background.
        length: steps over which each class is averaged, shape (classes,).
        distance: steps between two peaks of each class, at least, shape (classes,).
        height: what a peak reaches, averaged, at least.
        hold: share of its peak down to which a segment goes on.

    Examples:
        >>> present = np.array([0.1, 0.7, 0.9, 0.5, 0.9, 0.7, 0.1, 0.1])
        >>> one = np.ones(2, int)
        >>> decoder = PeakPicking(Labels.numbered(2), one, 2 * one, height=0.6, hold=0.4)
        >>> decoder.decode(np.stack([1 - present, present], axis=1))
        array([0, 1, 1, 0, 1, 1, 0, 0])
    """

    name: ClassVar[str] = "peak_picking"
    grid: ClassVar[Mapping[str, tuple[float, ...]]] = {
        "average": (0.25, 0.5, 0.75, 1.0),
        "apart": (0.0, 0.4, 0.55, 0.7, 0.85),
        "height": (0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5),
        "hold": (0.3, 0.5, 0.7),
    }
    start: ClassVar[Mapping[str, float]] = {"average": 0.75, "apart": 0.55, "height": 0.3, "hold": 0.5}

    labels: Labels
    length: IntArray
    distance: IntArray
    height: float
    hold: float

    def _decode(self, y_prob: FloatArray) -> IntArray:
        return strongest(y_prob, self.labels, lambda k: self._items(np.ascontiguousarray(y_prob[:, k]), k))

    def _items(self, score: FloatArray, k: int) -> Any:
        """The steps that belong to an item of a class, shape (steps,)."""
        from scipy.ndimage import uniform_filter1d
        from scipy.signal import find_peaks

        from segmend.decoding.kernels import apart, grown

        smooth = uniform_filter1d(score, int(self.length[k]), mode="nearest")
        edged = np.concatenate(([-1.0], smooth, [-1.0]))  # a peak may be the first step or the last
        peaks = find_peaks(edged, height=self.height)[0] - 1
        order = np.argsort(-smooth[peaks], kind="stable")
        peaks = peaks[apart(smooth, peaks, order, int(self.distance[k]), VALLEY)]
        return grown(score, peaks, self.hold * smooth[peaks])

    def parameters(self) -> dict[str, Any]:
        """Lengths and distances as lists, and both levels."""
        steps = {"length": self.length.tolist(), "distance": self.distance.tolist()}
        return {**steps, "height": float(self.height), "hold": float(self.hold)}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any], labels: Labels) -> Self:
        """The decoder back from ``parameters()``."""
        length, distance = (np.asarray(parameters[key], np.int64) for key in ("length", "distance"))
        return cls(labels, length, distance, float(parameters["height"]), float(parameters["hold"]))

    @classmethod
    def maker(
        cls, y_prob: Sequence[FloatArray], y_true: Sequence[IntArray], labels: Labels
    ) -> Callable[[Mapping[str, float]], Self]:
        """``learn`` as a function of the setting alone; lengths and distances are learnt once."""
        usual, period = _usual(y_true, labels)

        def make(setting: Mapping[str, float]) -> Any:
            length = np.maximum(1, np.rint(setting["average"] * usual)).astype(np.int64)
            distance = np.maximum(1, np.rint(setting["apart"] * period)).astype(np.int64)
            return cls(labels, length, distance, setting["height"], setting["hold"])

        return make


def _usual(y_true: Sequence[IntArray], labels: Labels) -> tuple[FloatArray, FloatArray]:
    """The usual length of an item of each class, and how soon after the middle of one that of the next may come.

    Shapes (classes,).

    A class with fewer than two items in any recording has its length for a distance.
    """
    table = RunTable.of(y_true)
    length = np.exp(log_normal_durations(table, len(labels))[0])
    stretch = np.cumsum(table.opens)
    middle = np.cumsum(table.length) - table.length / 2
    period = length.copy()
    for k in labels.foreground:
        own = np.flatnonzero(table.label == k)
        gaps = np.diff(middle[own])[np.diff(stretch[own]) == 0]
        if gaps.size:
            period[k] = np.quantile(gaps, SOON, method="lower")
    return length, period
