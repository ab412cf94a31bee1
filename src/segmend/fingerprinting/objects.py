"""Objects of many images in one table: their sizes, their neighbours, and which of them touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from segmend.artifacts.fingerprint import ClassFacts
from segmend.core.labels import IGNORE, Labels
from segmend.core.types import FloatArray, IntArray
from segmend.fingerprinting.independent import of_lengths
from segmend.fingerprinting.items import quantiles


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """Objects of several images, shape (n,) each.

    Attributes:
        image: number of the image, ascending.
        label: class number.
        area: in pixels.
        spacing: distance from its centre to the nearest centre of another object of its class in the image, in pixels;
            NaN where there is none.
        touching: objects of its class that it touches along a side of a pixel, and that have a higher number.
    """

    image: IntArray
    label: IntArray
    area: IntArray
    spacing: FloatArray
    touching: IntArray

    def __len__(self) -> int:
        return int(self.image.size)

    @property
    def diameter(self) -> FloatArray:
        """Diameter of a disc of the same area, in pixels."""
        return np.sqrt(4 * self.area / np.pi)

    def take(self, keep: IntArray) -> Marked:
        """The rows that a mask or an index selects."""
        return Marked(self.image[keep], self.label[keep], self.area[keep], self.spacing[keep], self.touching[keep])

    @classmethod
    def join(cls, parts: Sequence[Marked]) -> Marked:
        """The objects of several images, numbered in their order."""
        if not parts:
            none = np.zeros(0, np.int64)
            return cls(none, none, none, np.zeros(0), none)
        return cls(
            np.repeat(np.arange(len(parts)), [len(part) for part in parts]),
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in ("label", "area", "spacing", "touching")
            ),
        )


def objects_of(mask: IntArray, instances: IntArray | None, labels: Labels) -> Marked:
    """The objects of one image.

    Args:
        mask: class number of each pixel, (height, width), or 0 and 1 for each class, (height, width, classes).
        instances: object number of each pixel, 0 for none; None takes areas that hang together along sides of pixels.
        labels: class names and the background.

    Examples:
        >>> found = objects_of(np.array([[0, 1, 1, 0, 1]]), None, Labels.numbered(2))
        >>> found.area.tolist(), found.spacing.tolist()
        ([2, 1], [2.5, 2.5])
    """
    columns: list[list[Any]] = [[np.zeros(0, np.int64)] * 3 + [np.zeros(0)] + [np.zeros(0, np.int64)]]
    for layer, own in _layers(np.asarray(mask), None if instances is None else np.asarray(instances), labels):
        columns.append(_of_layer(layer, own))
    return Marked(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def object_facts(
    marked: Marked, labels: Labels, pixels: IntArray, judged: int, groups: IntArray
) -> tuple[ClassFacts, ...]:
    """One entry per class without the background: lengths are diameters, gaps the spacing of centres.

    Args:
        marked: all objects.
        labels: class names and the background.
        pixels: of each class, shape (classes,).
        judged: pixels that are judged.
        groups: group number of each image, shape (images,).
    """
    every = []
    for number in labels.foreground:
        mine = marked.take(marked.label == number)
        every.append(
            ClassFacts(
                name=labels.names[number],
                steps=int(pixels[number]),
                step_share=int(pixels[number]) / max(1, judged),
                segments=len(mine),
                segment_share=len(mine) / max(1, len(marked)),
                recordings=np.unique(mine.image).size,
                duration=quantiles(mine.diameter),
                gap=quantiles(mine.spacing[~np.isnan(mine.spacing)]),
                touching=int(mine.touching.sum()),
                rate=len(mine) / max(1, judged),
                per_recording=quantiles(np.bincount(mine.image, minlength=groups.size)),
                effective_segments=of_lengths(mine.diameter, mine.label, groups[mine.image]),
            )
        )
    return tuple(every)


def class_pixels(mask: IntArray, labels: Labels) -> IntArray:
    """Judged pixels of each class of one image, shape (classes,)."""
    mask = np.asarray(mask)
    if mask.ndim > 2:
        counted: IntArray = (mask == 1).sum(axis=(0, 1))
        return counted
    return np.bincount(mask[mask != IGNORE].ravel(), minlength=len(labels))


def _layers(mask: IntArray, numbers: IntArray | None, labels: Labels) -> list[tuple[int, IntArray]]:
    """The class and the object numbers of each layer in which no two objects overlap."""
    from scipy import ndimage  # here, so that audits of signals start without it

    layers = []
    for k in labels.foreground:
        held = mask[..., k] == 1 if mask.ndim > 2 else mask == k
        if held.any():
            layers.append((k, ndimage.label(held)[0] if numbers is None else np.where(held, numbers, 0)))
    return layers


def _of_layer(label: int, numbers: IntArray) -> list[FloatArray | IntArray]:
    """The columns of one class's objects in one image."""
    from scipy.spatial import cKDTree

    names, inverse, area = np.unique(numbers[numbers > 0], return_inverse=True, return_counts=True)
    row, column = np.nonzero(numbers > 0)
    centre = np.stack([np.bincount(inverse, place, minlength=names.size) / area for place in (row, column)], axis=1)
    spacing = np.full(names.size, np.nan)
    if names.size > 1:
        spacing = cKDTree(centre).query(centre, k=2)[0][:, 1]
    lower = _touching(numbers)
    touching = np.bincount(np.searchsorted(names, lower), minlength=names.size)
    return [np.zeros(names.size, np.int64), np.full(names.size, label), area, spacing, touching]


def _touching(numbers: IntArray) -> IntArray:
    """The lower number of each pair of objects that share a side of a pixel."""
    pairs = []
    for one, other in ((numbers[1:], numbers[:-1]), (numbers[:, 1:], numbers[:, :-1])):
        meet = (one != other) & (one > 0) & (other > 0)
        pairs.append(np.stack([np.minimum(one[meet], other[meet]), np.maximum(one[meet], other[meet])], axis=1))
    return np.unique(np.concatenate(pairs), axis=0)[:, 0]
