"""The objects of an image as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import FloatArray, IntArray

HEAD = ("recording", "object", "label", "x", "y", "left", "top", "right", "bottom", "area", "probability")


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Objects that do not overlap.

    Attributes:
        numbers: number of the object at each pixel, 0 for none, shape (height, width).
        name: the label that all of them have; None where the mask says it.
    """

    numbers: IntArray
    name: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The objects of one layer, by number.

    Attributes:
        number: of each object in its layer, shape (objects,).
        label: class number.
        area: pixels.
        centre: mean (x, y) of the middles of its pixels, from the upper left corner, shape (objects, 2).
        box: left, top, right and bottom, half-open, shape (objects, 4).
        probability: mean probability of its class over its pixels.
    """

    number: IntArray
    label: IntArray
    area: IntArray
    centre: FloatArray
    box: IntArray
    probability: FloatArray

    def rows(self, recording: str, labels: Labels) -> Iterator[Sequence[object]]:
        """The rows of a table under ``HEAD``."""
        columns = (self.number, self.label, self.centre, self.box, self.area, self.probability)
        for number, label, (x, y), box, area, sure in zip(*(each.tolist() for each in columns), strict=True):
            yield recording, number, labels.names[label], f"{x:.2f}", f"{y:.2f}", *box, area, f"{sure:.4f}"


def layers(instances: IntArray, labels: Labels) -> list[Layer]:
    """The layers of an image: one, or one for each label where labels overlap.

    Args:
        instances: shape (height, width), or (height, width, classes).
        labels: class names.
    """
    if instances.ndim == 2:
        return [Layer(instances)]
    return [Layer(instances[..., k], labels.names[k]) for k in labels.foreground]


def found_in(layer: Layer, mask: IntArray, y_prob: FloatArray, labels: Labels) -> Found:
    """The objects of a layer.

    Args:
        layer: of an image.
        mask: class number of each pixel, shape (height, width); not looked at where the layer has a label.
        y_prob: shape (height, width, classes).
        labels: class names and the background.

    Examples:
        >>> numbers, mask = np.array([[0, 4, 4], [0, 0, 4]]), np.array([[0, 1, 1], [0, 0, 1]])
        >>> found = found_in(Layer(numbers), mask, np.full((2, 3, 2), 0.75), Labels.of(["cell"]))
        >>> list(found.rows("a", Labels.of(["cell"])))
        [('a', 4, 'cell', '2.17', '0.83', 1, 0, 3, 2, 3, '0.7500')]
    """
    row, column = np.nonzero(layer.numbers > 0)
    number, which = np.unique(layer.numbers[row, column], return_inverse=True)
    count, area = len(number), np.bincount(which, minlength=len(number))
    if layer.name is None:
        votes = np.bincount(which * len(labels) + np.maximum(mask[row, column], 0), minlength=count * len(labels))
        label = votes.reshape(count, len(labels)).argmax(axis=1) if count else np.zeros(0, np.int64)
    else:
        label = np.full(count, labels.number(layer.name))
    box = np.empty((count, 4), np.int64)
    for side, places in ((0, column), (1, row)):
        box[:, side], box[:, side + 2] = max(layer.numbers.shape), 0
        np.minimum.at(box[:, side], which, places)
        np.maximum.at(box[:, side + 2], which, places + 1)

    def mean(values: FloatArray | IntArray) -> FloatArray:
        return np.bincount(which, weights=values, minlength=count) / np.maximum(area, 1)

    centre = np.stack([mean(column + 0.5), mean(row + 0.5)], axis=1)
    return Found(number, label, area, centre, box, mean(y_prob[row, column, label[which]]))
