"""What decoders of images share: one foreground, objects found in it, a class for each."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from segmend.core.labels import IGNORE, Labels
from segmend.core.regions import Regions
from segmend.core.task import Task
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.base import Decoder
from segmend.errors import InputError

RADIUS = 8.0
"""What is taken for the usual radius, in pixels, where no reference has an object."""


class ImageDecoder(Decoder):
    """Turns the class probabilities of an image into objects of one class each.

    With a background, objects are found in the probability that a pixel is not background, and each gets the class with
    the highest summed probability over it. Without one, each pixel has its most probable class, and the objects of each
    class are found among its pixels. Lengths in ``grid`` are in units of the usual radius of the reference's objects.
    """

    @classmethod
    def serves(cls, task: Task) -> bool:
        """One label per pixel of images."""
        return task.kind == "segmentation" and task.rank == 2 and task.labels != "multilabel"

    def decode(self, y_prob: FloatArray) -> Regions:
        """The objects of an image.

        Args:
            y_prob: shape (height, width, classes), summing to 1 over classes.

        Returns:
            The class of each pixel, int64, and the number of its object, int32, 0 for none.

        Raises:
            InputError: the number of classes is not the decoder's.
        """
        y_prob = as_image(y_prob, self.labels).astype(np.float32, copy=False)
        background = self.labels.background
        if background is None:
            return self._without_background(y_prob)
        numbers = self._objects(1 - y_prob[..., background])
        mask = np.full(numbers.shape, background, np.int64)
        inside = numbers > 0
        mask[inside] = self._classes(y_prob, numbers)[numbers[inside]]
        return Regions(mask, numbers)

    def decode_judged(self, y_prob: FloatArray, y_true: Any) -> Regions:
        """As ``decode``: an object that reaches over pixels which are not judged stays one."""
        return self.decode(y_prob)

    @abstractmethod
    def _objects(self, present: FloatArray) -> IntArray:
        """Numbers of the objects of one foreground, 0 for none, int32 of shape (height, width).

        Args:
            present: probability that a pixel belongs to an object, shape (height, width).
        """

    def _classes(self, y_prob: FloatArray, numbers: IntArray) -> IntArray:
        """The class of each object by its number; that of number 0 means nothing."""
        foreground = np.array(self.labels.foreground, np.int64)
        if len(foreground) == 1 or not numbers.size:
            return np.full(int(numbers.max(initial=0)) + 1, foreground[0])
        flat = numbers.reshape(-1)
        sums = [np.bincount(flat, weights=y_prob[..., k].reshape(-1)) for k in foreground]
        return foreground[np.argmax(sums, axis=0)]

    def _without_background(self, y_prob: FloatArray) -> Regions:
        mask = np.argmax(y_prob, axis=2)
        numbers = np.zeros(mask.shape, np.int32)
        for k in range(y_prob.shape[2]):
            own = self._objects(np.where(mask == k, np.maximum(y_prob[..., k], 0.5), 0))
            numbers[own > 0] = own[own > 0] + numbers.max(initial=0)
        return Regions(mask, numbers)


def as_image(y_prob: FloatArray, labels: Labels) -> FloatArray:
    """Probabilities of an image as an array.

    Raises:
        InputError: they are not of shape (height, width, classes).
    """
    y_prob = np.asarray(y_prob)
    if y_prob.ndim != 3 or y_prob.shape[2] != len(labels):
        raise InputError(
            f"y_prob: expected shape (height, width, {len(labels)}), one layer per class. Received {y_prob.shape}"
        )
    return y_prob


def usual_size(y_true: Sequence[Any]) -> tuple[float, float]:
    """What labelled images tell about the size of objects.

    Args:
        y_true: ``Regions`` with instance numbers.

    Returns:
        The radius of a disk as large as the median object, and the area of the 5th percentile, in pixels.

    Examples:
        >>> usual_size([Regions(np.ones((4, 4), int), np.full((4, 4), 1))])[1]
        16.0
    """
    areas = np.concatenate([np.zeros(0, np.int64), *(_areas(regions) for regions in y_true)])
    if not areas.size:
        return RADIUS, math.pi * RADIUS**2 / 4
    return float(np.sqrt(np.median(areas) / math.pi)), float(np.quantile(areas, 0.05))


def with_objects(mask: IntArray, instances: IntArray | None, labels: Labels) -> Regions:
    """Regions whose objects are numbered: as given, else the connected components of each class (sharing a side).

    Args:
        mask: class number of each pixel, shape (height, width), or 0 and 1 for each class, (height, width, classes).
        instances: instance numbers of the same shape, or None.
        labels: class names and the background.

    Examples:
        >>> with_objects(np.array([[1, 0, 1], [1, 2, 2]]), None, Labels.numbered(3)).instances.tolist()
        [[1, 0, 2], [1, 3, 3]]
    """
    if instances is not None:
        return Regions(mask, instances)
    from scipy import ndimage

    numbers = np.zeros(mask.shape, np.int32)
    last = 0
    for k in labels.foreground:
        where = mask[..., k] == 1 if mask.ndim == 3 else mask == k
        found, count = ndimage.label(where)
        target = numbers[..., k] if mask.ndim == 3 else numbers
        target[where] = found[where] + last
        last += count
    return Regions(mask, numbers)


def _areas(regions: Regions) -> IntArray:
    numbers = np.asarray(regions.instances)
    judged = np.asarray(regions.mask) != IGNORE
    _, sizes = np.unique(numbers[judged & (numbers > 0)], return_counts=True)
    return sizes


def without_small(numbers: IntArray, smallest: float) -> IntArray:
    """The objects of at least ``smallest`` pixels, numbered from 1 in the same order."""
    sizes = np.bincount(numbers.reshape(-1))
    keep = sizes >= smallest
    keep[:1] = False
    return (np.cumsum(keep) * keep).astype(np.int32)[numbers]
