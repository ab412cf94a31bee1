"""Objects that people marked in images, and what a format of them can do."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.errors import InputError
from segmend.formats.base import Format
from segmend.formats.polygons import fill
from segmend.formats.rle import mask_of, runs_of

Rings: TypeAlias = tuple[FloatArray, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """Where an object is: in polygons or in runs of pixels.

    Attributes:
        rings: corners (x, y) of each polygon, shape (corners, 2), in pixels from the upper left corner of the image.
        runs: run lengths as ``segmend.formats.rle`` describes them; None of polygons.
    """

    rings: Rings = ()
    runs: IntArray | None = None

    def mask(self, shape: tuple[int, int]) -> BoolArray:
        """The object's pixels in an image of (height, width)."""
        return fill(self.rings, shape) if self.runs is None else mask_of(self.runs, shape)


@dataclass(frozen=True, slots=True, eq=False)
class Object:
    """One object.

    Attributes:
        label: its class.
        outline: where it is.
        crowd: whether it stands for many objects that nobody told apart.
        number: which of the file's annotations it is, from 1.
    """

    label: str
    outline: Outline
    crowd: bool = False
    number: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class MarkedImage:
    """One image and its objects.

    Attributes:
        file: its file's name.
        shape: (height, width) in pixels.
        objects: in the file's order; none where people found nothing.
    """

    file: str
    shape: tuple[int, int]
    objects: tuple[Object, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Objects:
    """What one file says of many images.

    Attributes:
        images: in the file's order.
        labels: names of the classes, in the file's order.
        source: the file's name, for messages.
    """

    images: tuple[MarkedImage, ...]
    labels: tuple[str, ...]
    source: str


class ObjectFormat(Format):
    """One way to store objects of many images in one file."""

    @abstractmethod
    def read(self, path: Path) -> Objects:
        """The images of a file and their objects.

        Raises:
            InputError: something is missing, or no number; the message names the file and the annotation.
        """

    def write(self, path: Path, objects: Objects) -> None:
        """Write objects so that ``read`` gives them back.

        Raises:
            InputError: the format is only read, or cannot hold these objects.
        """
        raise InputError(f"{path}: expected a format that is written. Received {self.name}, which is only read")


def objects_of(mask: IntArray, instances: IntArray, labels: tuple[str, ...]) -> tuple[Object, ...]:
    """The objects of an image as runs of pixels, by the numbers of their instances.

    Args:
        mask: class number of each pixel, shape (height, width).
        instances: number of the object at each pixel, 0 for none, shape (height, width).
        labels: the name of each class number.

    Examples:
        >>> found = objects_of(np.array([[1, 1, 0]]), np.array([[1, 2, 0]]), ("background", "cell"))
        >>> [(each.label, each.outline.runs.tolist()) for each in found]
        [('cell', [0, 1, 2]), ('cell', [1, 1, 1])]
    """
    mask, instances = np.asarray(mask), np.asarray(instances)
    found = []
    for number in np.unique(instances[instances > 0]).tolist():
        here = instances == number
        counts = np.bincount(np.maximum(mask[here], 0), minlength=len(labels))
        found.append(Object(labels[int(np.argmax(counts))], Outline(runs=runs_of(here)), number=number))
    return tuple(found)
