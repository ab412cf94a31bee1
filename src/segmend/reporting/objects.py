"""The objects of one image, in layers that do not overlap, and which of them have a partner on the other side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import BoolArray, IntArray

HALF = 0.5
"""Overlap (intersection over union) from which on two objects are partners."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Objects that do not overlap.

    Attributes:
        numbers: number of the object at each pixel from 1 on, 0 for none, shape (height, width).
        labels: class number of each object, shape (objects,).
    """

    numbers: IntArray
    labels: IntArray

    def __len__(self) -> int:
        return len(self.labels)


def layers(mask: IntArray, labels: Labels, instances: IntArray | None) -> list[Layer]:
    """One layer of all classes; where labels may overlap, one per class.

    Args:
        mask: class of each pixel, shape (height, width); -1 is not judged. Or 0 and 1 for each class, shape
            (height, width, classes).
        labels: class names and the background.
        instances: number of each pixel's object, 0 for none, shape (height, width); connected pixels of one class
            (sharing a side) are one object where it is None.

    Examples:
        >>> layer, = layers(np.array([[1, 0, 2], [1, 0, 2]]), Labels.of(["a", "b"]), None)
        >>> layer.numbers.tolist(), layer.labels.tolist()
        ([[1, 0, 2], [1, 0, 2]], [1, 2])
    """
    mask = np.asarray(mask)
    if mask.ndim == 3:
        return [_connected(np.where(mask[..., k] > 0, k, -1), (k,)) for k in labels.foreground]
    if instances is None:
        return [_connected(mask, labels.foreground)]
    inside = np.isin(mask, labels.foreground) & (np.asarray(instances) > 0)
    keys = np.asarray(instances)[inside].astype(np.int64) * len(labels) + mask[inside]
    found, order = np.unique(keys, return_inverse=True)
    numbers = np.zeros(mask.shape, np.int64)
    numbers[inside] = order + 1
    return [Layer(numbers, found % len(labels))]


def _connected(mask: IntArray, classes: tuple[int, ...]) -> Layer:
    from scipy.ndimage import label

    numbers = np.zeros(mask.shape, np.int64)
    found: list[int] = []
    for k in classes:
        parts, count = label(mask == k)
        numbers += np.where(parts > 0, parts + len(found), 0)
        found += [k] * count
    return Layer(numbers, np.asarray(found, np.int64))


def partnered(reference: Layer, prediction: Layer) -> tuple[BoolArray, BoolArray]:
    """Whether each object has one of its class on the other side that it overlaps by half or more.

    Returns:
        Shapes (objects of the reference,) and (objects of the prediction,).

    Examples:
        >>> one, = layers(np.array([[1, 1, 0, 1]]), Labels.of(["a"]), None)
        >>> other, = layers(np.array([[1, 0, 0, 0]]), Labels.of(["a"]), None)
        >>> [found.tolist() for found in partnered(one, other)]
        [[True, False], [True]]
    """
    size, other = (np.bincount(layer.numbers.ravel(), minlength=len(layer) + 1) for layer in (reference, prediction))
    pairs, common = np.unique(reference.numbers * (len(prediction) + 1) + prediction.numbers, return_counts=True)
    one, two = np.divmod(pairs, len(prediction) + 1)
    real = (one > 0) & (two > 0)
    one, two, common = one[real], two[real], common[real]
    enough = common >= HALF * (size[one] + other[two] - common)
    enough &= reference.labels[one - 1] == prediction.labels[two - 1]
    found = np.zeros(len(reference), bool), np.zeros(len(prediction), bool)
    found[0][one[enough] - 1], found[1][two[enough] - 1] = True, True
    return found


def sampled(layer: Layer, every: int) -> IntArray:
    """Numbers at the middle of each square of ``every`` pixels, as a picture of that size has them."""
    rows, columns = (
        np.minimum(np.arange(max(1, size // every)) * every + every // 2, size - 1) for size in layer.numbers.shape
    )
    return layer.numbers[np.ix_(rows, columns)]
