"""Masks beside images: one number for each pixel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from segmend.core.dataset import Problem
from segmend.core.labels import IGNORE, Labels
from segmend.core.regions import Regions
from segmend.core.types import IntArray
from segmend.formats.decoded import decoded
from segmend.loading.image_files import image_formats

WHITE = 255


def open_masks(paths: Mapping[str, Path]) -> dict[str, IntArray]:
    """The masks of a folder by name, shape (height, width), decoded when they are read.

    Raises:
        InputError: a damaged file, or one that holds no whole numbers as they were stored.
        NotYetError: an image format that this version cannot read.
    """
    readers = image_formats()
    return {name: readers[path.suffix.lower()].open_mask(path) for name, path in paths.items()}


def class_mask(values: IntArray, classes: int, ignore: int | None) -> IntArray:
    """Class numbers of a mask, -1 where a pixel is not judged or its number is no class's; decoded when read."""
    return decoded(values.shape, np.int16, partial(_classes, values, classes, ignore))


def object_masks(values: IntArray, label: int, background: int) -> Regions:
    """Regions of a mask whose numbers are objects of one class; decoded when read.

    Args:
        values: number of the object at each pixel, 0 for none; below 0 a pixel is not judged.
        label: the class of every object.
        background: the class of all other pixels.
    """
    mask = decoded(values.shape, np.int16, partial(_one_class, values, label, background))
    return Regions(mask, instances(values))


def layers(values: Mapping[int, IntArray], shape: tuple[int, int], classes: int) -> IntArray:
    """0 or 1 for each class at each pixel, shape (height, width, classes); decoded when read.

    Args:
        values: a mask for each class that has one; what is above 0 is of the class, what is below 0 is not judged.
        shape: (height, width).
        classes: how many there are.
    """
    return decoded((*shape, classes), np.int8, partial(_layers, values, (*shape, classes)))


def instances(values: IntArray) -> IntArray:
    """Numbers of objects as signed integers; decoded when read."""
    return decoded(values.shape, np.int32, partial(_numbers, values))


def is_white(values: IntArray) -> bool | None:
    """Whether a mask holds 255 and nothing but 0 beside it; None where it holds another number."""
    numbers = np.asarray(values)
    white = numbers == WHITE
    return bool(white.any()) if (white | (numbers == 0)).all() else None


def white_mask(values: IntArray) -> IntArray:
    """1 where a mask is not 0; decoded when read."""
    return decoded(values.shape, np.uint8, partial(_above, values))


def highest(values: IntArray, ignore: int | None) -> int:
    """The largest class number in a mask, at least 0."""
    numbers = np.asarray(values)
    return int(np.max(numbers, initial=0, where=numbers != (IGNORE if ignore is None else ignore)))


def holds_any(values: IntArray, classes: Sequence[int]) -> bool:
    """Whether a mask holds one of some class numbers."""
    return bool(np.isin(np.asarray(values), classes).any())


def wrong_size(name: str, path: Path, mask: IntArray, shape: tuple[int, int]) -> list[Problem]:
    """A problem where a mask is not of its image's size."""
    if mask.shape == shape:
        return []
    height, width = mask.shape
    message = f"expected a mask of {shape[0]} x {shape[1]} pixels, as the image. Received {height} x {width}"
    return [Problem("beyond-end", name, f"{path.parent.name}/{path.name}", message)]


def unknown_classes(name: str, path: Path, values: IntArray, labels: Labels, ignore: int | None) -> list[Problem]:
    """A problem for each number in a class mask that no class has: all pixels are looked at."""
    numbers = np.asarray(values)
    wrong = (numbers < IGNORE) | (numbers >= len(labels))
    if ignore is not None:
        wrong &= numbers != ignore
    problems = []
    for number in np.unique(numbers[wrong]).tolist():
        row, column = np.argwhere(numbers == number)[0].tolist()
        message = (
            f"expected class numbers from 0 to {len(labels) - 1}. Received {number} at row {row}, column {column}"
            + ('; pixels not to be judged are told by "ignore" in dataset.json' if number == WHITE else "")
        )
        problems.append(Problem("unknown-label", name, f"{path.parent.name}/{path.name}", message, str(number)))
    return problems


def _classes(values: IntArray, classes: int, ignore: int | None) -> IntArray:
    numbers = np.asarray(values).astype(np.int64)
    outside = (numbers < 0) | (numbers >= classes)
    if ignore is not None:
        outside |= numbers == ignore
    return np.where(outside, IGNORE, numbers).astype(np.int16)


def _one_class(values: IntArray, label: int, background: int) -> IntArray:
    numbers = np.asarray(values)
    return np.select([numbers > 0, numbers < 0], [label, IGNORE], background).astype(np.int16)


def _above(values: IntArray) -> IntArray:
    return (np.asarray(values) > 0).astype(np.uint8)


def _numbers(values: IntArray) -> IntArray:
    return np.maximum(np.asarray(values), 0).astype(np.int32)


def _layers(values: Mapping[int, IntArray], shape: tuple[int, ...]) -> IntArray:
    stacked = np.zeros(shape, np.int8)
    for number, mask in values.items():
        stacked[..., number] = np.sign(np.asarray(mask).astype(np.int64))
    return stacked
