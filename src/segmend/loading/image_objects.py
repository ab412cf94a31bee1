"""Objects that a file marks in the images of a folder, such as COCO's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from segmend import catalogue
from segmend.core.dataset import Problem
from segmend.core.labels import IGNORE, Labels
from segmend.core.regions import Regions
from segmend.core.task import Task
from segmend.core.types import FloatArray, IntArray
from segmend.errors import InputError
from segmend.formats.decoded import decoded
from segmend.formats.objects import MarkedImage, Object, ObjectFormat, Objects
from segmend.loading.image_files import ImageFile
from segmend.loading.marked import Asked, Marked, not_there

ROUNDED = 1.0
"""Pixels by which corners may lie outside of their image: what rounding does. They are cut."""


def object_format(path: Path) -> ObjectFormat | None:
    """The format of objects that knows a file, None where none does."""
    formats = [catalogue.resolve("object_formats", name)() for name in catalogue.OBJECT_FORMATS]
    return next((each for each in formats if each.sniff(path)), None)


def read_objects(path: Path) -> Objects:
    """The objects of a file, whose content tells its format.

    Raises:
        InputError: no format knows the file, or it is damaged.
    """
    form = object_format(path) or catalogue.resolve("object_formats", "coco")()
    return form.read(path)


def regions_of_objects(objects: Objects, files: Sequence[ImageFile], task: Task, asked: Asked) -> Marked:
    """What a file of objects says of the images of a folder.

    An image that the file names without objects has none; one that it does not name is not annotated. Where objects
    overlap, the smaller one has the pixels, unless labels may overlap: then there is a layer for each, and objects are
    not told apart. Pixels of a crowd that no object has are not judged.
    """
    marked, problems = paired(objects, files)
    overlapping = task.labels == "multilabel"
    labels = asked.of_images(objects.labels) if overlapping else asked.of_pixels(objects.labels)
    regions: dict[str, Regions] = {}
    for name, image in marked.items():
        wrong = list(_problems(name, image, objects.source, labels))
        problems += wrong
        known = [one for one in image.objects if one.label in labels.names]
        regions[name] = _layers(known, image.shape, labels) if overlapping else _told_apart(known, image.shape, labels)
    return Marked(labels=labels, regions=regions, problems=tuple(problems))


def paired(objects: Objects, files: Sequence[ImageFile]) -> tuple[dict[str, MarkedImage], list[Problem]]:
    """The marked images by the names of the folder's, and a problem for each that is not there or of another size."""
    known: dict[str, ImageFile] = {name: file for file in files for name in (file.name, file.path.name)}
    marked: dict[str, MarkedImage] = {}
    problems: list[Problem] = []
    for image in objects.images:
        place = Path(image.file)
        file = known.get(place.name) or known.get(place.stem)
        if file is None:
            problems += not_there([place.name], known, objects.source)
        elif file.name in marked:
            raise InputError(f'{objects.source}: expected each image once. Received "{image.file}" twice')
        elif file.shape != image.shape:
            problems.append(_of_another_size(file, image, objects.source))
        else:
            marked[file.name] = image
    return marked, problems


def _of_another_size(file: ImageFile, image: MarkedImage, source: str) -> Problem:
    expected, received = (f"{height} x {width}" for height, width in (file.shape, image.shape))
    message = f"expected an image of {expected} pixels, as {file.path.name}. Received {received}"
    return Problem("beyond-end", file.name, source, message)


def _problems(name: str, image: MarkedImage, source: str, labels: Labels) -> Iterator[Problem]:
    for one in image.objects:
        where = f"{source}, annotation {one.number}"
        corners = np.concatenate(one.outline.rings) if one.outline.rings else np.empty((0, 2))
        if one.label not in labels.names:
            message = f'expected a label among {", ".join(labels.foreground_names):.300}. Received "{one.label}"'
            yield Problem("unknown-label", name, where, message, one.label)
        if corners.size and _outside(corners, image.shape):
            low, high = corners.min(axis=0), corners.max(axis=0)
            message = (
                f"expected corners inside of {image.shape[1]} x {image.shape[0]} pixels. "
                f"Received x from {low[0]:g} to {high[0]:g}, y from {low[1]:g} to {high[1]:g}"
            )
            yield Problem("beyond-end", name, where, message, one.label)
        elif _area(one) == 0:
            yield Problem("empty-segment", name, where, "expected an object with an area. Received none", one.label)


def _outside(corners: FloatArray, shape: tuple[int, int]) -> bool:
    return bool((corners < -ROUNDED).any() or (corners > np.array(shape[::-1]) + ROUNDED).any())


def _area(one: Object) -> float:
    """Pixels that an object takes, by the corners of polygons."""
    if one.outline.runs is not None:
        return float(one.outline.runs[1::2].sum())
    nexts = ((ring, np.roll(ring, -1, axis=0)) for ring in one.outline.rings)
    return sum(abs(float((at[:, 0] * to[:, 1] - at[:, 1] * to[:, 0]).sum())) / 2 for at, to in nexts)


def _told_apart(objects: Sequence[Object], shape: tuple[int, int], labels: Labels) -> Regions:
    """One class and one object for each pixel, painted when they are read."""
    places = decoded(shape, np.int32, partial(_paint, objects, shape))
    of_object = [0 if one.crowd else number for number, one in enumerate(objects, 1)]
    of_class = [IGNORE if one.crowd else labels.number(one.label) for one in objects]
    free = IGNORE if labels.background is None else labels.background
    return Regions(
        decoded(shape, np.int16, partial(_looked_up, places, [free, *of_class], np.int16)),
        decoded(shape, np.int32, partial(_looked_up, places, [0, *of_object], np.int32)),
    )


def _paint(objects: Sequence[Object], shape: tuple[int, int]) -> IntArray:
    """Which object has each pixel, from 1: crowds below all others, large ones below small ones."""
    places = np.zeros(shape, np.int32)
    order = sorted(range(len(objects)), key=lambda k: (not objects[k].crowd, -_area(objects[k])))
    for k in order:
        places[objects[k].outline.mask(shape)] = k + 1
    return places


def _looked_up(places: IntArray, table: list[int], dtype: npt.DTypeLike) -> IntArray:
    return np.array(table, dtype)[np.asarray(places)]


def _layers(objects: Sequence[Object], shape: tuple[int, int], labels: Labels) -> Regions:
    """0 or 1 for each class at each pixel, shape (height, width, classes), painted when they are read."""
    return Regions(decoded((*shape, len(labels)), np.int8, partial(_paint_layers, objects, shape, labels)))


def _paint_layers(objects: Sequence[Object], shape: tuple[int, int], labels: Labels) -> IntArray:
    layers = np.zeros((*shape, len(labels)), np.int8)
    for one in sorted(objects, key=lambda one: not one.crowd):
        layers[one.outline.mask(shape), labels.number(one.label)] = IGNORE if one.crowd else 1
    return layers


def rows_of_objects(marked: Mapping[str, MarkedImage]) -> list[tuple[int, str, str]]:
    """Annotation, image and label of each object; an image without any has one row without a label."""
    rows = []
    for name, image in marked.items():
        rows += [(one.number, name, one.label) for one in image.objects] or [(0, name, "")]
    return rows
