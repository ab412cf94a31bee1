"""A threshold, smoother outlines, and touching objects split where they are narrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.decoding.objects import ImageDecoder, usual_size, without_small

SMOOTHING = 0.1
"""Radii by which distances to the outline are smoothed, so that a ragged outline makes no peaks."""

WHOLE = 9.0
"""Depth, in radii, at which nothing is split."""


@dataclass(frozen=True, slots=True, eq=False)
class Morphology(ImageDecoder):
    """Pixels above a threshold, opened (or closed), holes filled, split at necks, small pieces left out.

    Objects that touch are told apart by their shape: the distance to the outline has a peak in each, and two peaks
    belong to two objects where the neck between them is narrower than the thinner one by ``depth``.

    Attributes:
        labels: class names and the background.
        threshold: probability from which on a pixel belongs to an object.
        opening: radius of the disk by which outlines are opened, in pixels; below 0 they are closed.
        depth: how much narrower a neck is than the objects it joins, in pixels of half its width.
        smoothing: standard deviation by which distances to the outline are smoothed, in pixels.
        smallest: pixels of the smallest object.

    Examples:
        >>> decoder = Morphology(Labels.of(["cell"]), threshold=0.5, opening=0, depth=0.5, smoothing=0, smallest=2)
        >>> present = np.array([[0, 0.9, 0.8, 0], [0, 0.9, 0.8, 0], [0.9, 0, 0, 0]])
        >>> decoder.decode(np.stack([1 - present, present], axis=2)).instances.tolist()
        [[0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0]]
    """

    name: ClassVar[str] = "morphology"
    grid: ClassVar[Mapping[str, tuple[float, ...]]] = {
        "threshold": (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
        "opening": (-0.2, -0.1, 0.0, 0.1, 0.2, 0.35),
        "depth": (0.03, 0.06, 0.1, 0.15, 0.25, 0.4, WHOLE),
        "smallest": (0.0, 0.1, 0.25, 0.5, 0.8),
    }
    start: ClassVar[Mapping[str, float]] = {"threshold": 0.5, "opening": 0.0, "depth": 0.1, "smallest": 0.25}

    labels: Labels
    threshold: float
    opening: float
    depth: float
    smoothing: float
    smallest: float

    def _objects(self, present: FloatArray) -> IntArray:
        from scipy import ndimage

        inside = self._opened(present >= self.threshold)
        inside = ndimage.binary_fill_holes(inside)
        return without_small(self._split(inside), self.smallest)

    def _opened(self, inside: BoolArray) -> BoolArray:
        from scipy import ndimage

        radius = round(abs(self.opening))
        if not radius or not inside.any():
            return inside
        disk = np.hypot(*np.mgrid[-radius : radius + 1, -radius : radius + 1]) <= radius + 0.3
        if self.opening > 0:
            return ndimage.binary_opening(np.pad(inside, radius, mode="edge"), disk)[radius:-radius, radius:-radius]
        return ndimage.binary_closing(np.pad(inside, radius, mode="edge"), disk)[radius:-radius, radius:-radius]

    def _split(self, inside: BoolArray) -> IntArray:
        from scipy import ndimage

        from segmend.decoding.basins import basins

        if not np.isfinite(self.depth) or not inside.any():
            return ndimage.label(inside)[0]
        distance = ndimage.distance_transform_edt(np.pad(inside, 1, mode="edge"))[1:-1, 1:-1]
        if self.smoothing:
            distance = ndimage.gaussian_filter(distance, self.smoothing, mode="nearest")
        return basins(distance, inside, depth=self.depth)

    def parameters(self) -> dict[str, Any]:
        """The threshold and lengths in pixels; a depth of None splits nothing."""
        depth = self.depth if np.isfinite(self.depth) else None
        own = {key: float(getattr(self, key)) for key in ("threshold", "opening", "smoothing", "smallest")}
        return {**own, "depth": depth}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any], labels: Labels) -> Self:
        """The decoder back from ``parameters()``."""
        own = {key: float(parameters[key]) for key in ("threshold", "opening", "smoothing", "smallest")}
        return cls(labels, **own, depth=float("inf") if parameters["depth"] is None else float(parameters["depth"]))

    @classmethod
    def learn(cls, y_prob: Sequence[FloatArray], y_true: Sequence[Any], labels: Labels, **setting: float) -> Self:
        """Lengths are shares of the reference's usual radius, ``smallest`` of its 5th percentile of areas."""
        radius, small = usual_size(y_true)
        return cls(
            labels,
            threshold=setting["threshold"],
            opening=setting["opening"] * radius,
            depth=setting["depth"] * radius if setting["depth"] < WHOLE else float("inf"),
            smoothing=SMOOTHING * radius,
            smallest=setting["smallest"] * small,
        )
