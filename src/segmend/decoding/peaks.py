"""Objects as peaks of their probability, each grown down to a threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.objects import ImageDecoder, usual_size, without_small

DEPTH = 0.01
"""A peak rises by more than this above the pass to a higher one: plateaus of equal certainty are one peak."""


@dataclass(frozen=True, slots=True, eq=False)
class Peaks(ImageDecoder):
    """The local maxima of the smoothed probability, at least ``distance`` apart, grown down to ``threshold``.

    Where two objects touch, the network is least sure between them; each pixel above the threshold belongs to the peak
    that is reached by going uphill.

    Attributes:
        labels: class names and the background.
        threshold: probability from which on a pixel belongs to an object.
        smoothing: standard deviation by which the probability is smoothed, in pixels.
        distance: between two peaks, in pixels at least.
        smallest: pixels of the smallest object.

    Examples:
        >>> decoder = Peaks(Labels.of(["cell"]), threshold=0.5, smoothing=0, distance=2, smallest=1)
        >>> present = np.array([[0.6, 0.9, 0.6, 0.9, 0.1]])
        >>> decoder.decode(np.stack([1 - present, present], axis=2)).instances.tolist()
        [[1, 1, 1, 2, 0]]
    """

    name: ClassVar[str] = "peaks"
    grid: ClassVar[Mapping[str, tuple[float, ...]]] = {
        "threshold": (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
        "smoothing": (0.1, 0.2, 0.35, 0.5, 0.7),
        "distance": (0.0, 0.5, 0.75, 1.0, 1.25, 1.5),
        "smallest": (0.0, 0.1, 0.25, 0.5, 0.8),
    }
    start: ClassVar[Mapping[str, float]] = {"threshold": 0.5, "smoothing": 0.35, "distance": 1.0, "smallest": 0.25}

    labels: Labels
    threshold: float
    smoothing: float
    distance: float
    smallest: float

    def _objects(self, present: FloatArray) -> IntArray:
        from scipy import ndimage

        from segmend.decoding.basins import basins

        inside = ndimage.binary_fill_holes(present >= self.threshold)
        if not inside.any():
            return np.zeros(present.shape, np.int32)
        height = ndimage.gaussian_filter(present, self.smoothing, mode="nearest") if self.smoothing else present
        found = basins(height, inside, depth=DEPTH, distance=self.distance)
        return without_small(found, self.smallest)

    def parameters(self) -> dict[str, Any]:
        """The threshold, and lengths in pixels."""
        return {key: float(getattr(self, key)) for key in ("threshold", "smoothing", "distance", "smallest")}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any], labels: Labels) -> Self:
        """The decoder back from ``parameters()``."""
        keys = ("threshold", "smoothing", "distance", "smallest")
        return cls(labels, **{key: float(parameters[key]) for key in keys})

    @classmethod
    def learn(cls, y_prob: Sequence[FloatArray], y_true: Sequence[Any], labels: Labels, **setting: float) -> Self:
        """Lengths are shares of the reference's usual radius, ``smallest`` of its 5th percentile of areas."""
        radius, small = usual_size(y_true)
        return cls(
            labels,
            threshold=setting["threshold"],
            smoothing=setting["smoothing"] * radius,
            distance=setting["distance"] * radius,
            smallest=setting["smallest"] * small,
        )
