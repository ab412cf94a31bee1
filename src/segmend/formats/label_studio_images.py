"""Objects of Label Studio, in images."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.formats.label_studio_brush import packed, unpacked
from segmend.formats.label_studio_tasks import (
    IMAGE_KINDS,
    UPLOADED,
    Item,
    chosen,
    file_of,
    of_image,
    read_tasks,
    sniffed,
    task_of,
    write_tasks,
)
from segmend.formats.objects import MarkedImage, Object, ObjectFormat, Objects, Outline
from segmend.formats.rle import runs_of
from segmend.formats.text import LARGEST

POLYGON, BRUSH, RECTANGLE = IMAGE_KINDS

DIGITS = 6
"""Decimals of a corner in per cent: a ten thousandth of a pixel in the widest images."""

CONTROLS = {POLYGON: "polygon", BRUSH: "brush"}
"""Names of the tags that what is written belongs to."""


class LabelStudioImages(ObjectFormat):
    """Tasks of images (JSON): polygons, brushes and rectangles of the annotation, else of the prediction.

    What is written are pre-annotations, to import and correct: objects that one polygon tells are polygons, all others
    are brushes. Sizes stand beside each image's file, so that images without objects keep theirs.
    """

    name: ClassVar[str] = "label-studio-images"
    suffixes: ClassVar[tuple[str, ...]] = (".json",)
    holds: ClassVar[str] = "exported tasks with polygons, brushes or rectangles; written as predictions"

    def sniff(self, path: Path) -> bool:
        """Whether the file is a list of tasks of images."""
        tasks = sniffed(path)
        return tasks is not None and all(map(of_image, tasks))

    def read(self, path: Path) -> Objects:
        """The images, task by task, and what is marked in them.

        Raises:
            InputError: broken JSON, a task without a file or a size, or a region that is none.
        """
        images, number = [], 0
        for k, task in enumerate(read_tasks(path), 1):
            where = f"{path}, task {k}"
            place = Path(file_of(path, k, task, ("image",))).name
            shape, objects = _shape(where, task), []
            for label, outline, crowd in _regions(where, task, shape):
                number += 1
                objects.append(Object(label, outline, crowd, number))
            images.append(MarkedImage(UPLOADED.sub("", place), shape, tuple(objects)))
        used = [one.label for image in images for one in image.objects]
        return Objects(tuple(images), tuple(dict.fromkeys(used)), path.name)

    def write(self, path: Path, objects: Objects) -> None:
        """Write one task per image, its objects as one prediction."""
        tasks, number = [], 0
        for image in objects.images:
            height, width = image.shape
            result = []
            for one in image.objects:
                number += 1
                result.append(_region(number, one, image.shape))
            tasks.append(task_of({"image": image.file, "width": width, "height": height}, result))
        write_tasks(path, tasks)


def _region(number: int, one: Object, shape: tuple[int, int]) -> Item:
    """An object as a region of Label Studio."""
    height, width = shape
    value: Item
    if one.outline.runs is None and len(one.outline.rings) == 1:
        kind = POLYGON
        points = np.round(one.outline.rings[0] / (width, height) * 100, DIGITS)
        value = {"points": points.tolist(), "closed": True}
    else:
        kind = BRUSH
        value = {"format": "rle", "rle": packed(one.outline.mask(shape))}
    return {
        "id": f"r{number}",
        "from_name": CONTROLS[kind],
        "to_name": "image",
        "type": kind,
        "original_width": width,
        "original_height": height,
        "image_rotation": 0,
        "value": {**value, kind: [one.label]},
        **({"meta": {"crowd": True}} if one.crowd else {}),
    }


def _shape(where: str, task: Any) -> tuple[int, int]:
    """Height and width: of the first region, else beside the image's file."""
    told = [(each.get("original_height"), each.get("original_width")) for each in chosen(task)]
    beside = (task["data"].get("height"), task["data"].get("width"))
    for height, width in (*told, beside):
        if all(isinstance(each, int) and 0 < each < LARGEST for each in (height, width)):
            return int(height), int(width)
    raise InputError(f"{where}: expected original_width and original_height in pixels. Received {beside!r:.80}")


def _regions(where: str, task: Item, shape: tuple[int, int]) -> Iterator[tuple[str, Outline, bool]]:
    """Label, place and whether it is a crowd, of what is marked."""
    for each in chosen(task):
        kind, value, meta = str(each.get("type")), each.get("value"), each.get("meta")
        if kind not in IMAGE_KINDS or not isinstance(value, dict):
            continue
        outline = {POLYGON: _polygon, BRUSH: _brush, RECTANGLE: _rectangle}[kind](where, value, shape)
        labels = value.get(kind)
        crowd = isinstance(meta, dict) and meta.get("crowd") is True
        for label in labels if isinstance(labels, list) and labels else ("",):
            yield str(label), outline, crowd


def _polygon(where: str, value: Item, shape: tuple[int, int]) -> Outline:
    points = value.get("points")
    pairs = isinstance(points, list) and all(isinstance(each, list) and len(each) == 2 for each in points)
    if not points or not pairs:
        raise InputError(f"{where}: points: expected corners [x, y] in per cent. Received {points!r:.80}")
    return Outline(rings=(_pixels(where, points, shape),))


def _rectangle(where: str, value: Item, shape: tuple[int, int]) -> Outline:
    """A box, turned around its upper left corner."""
    box = [value.get(key) for key in ("x", "y", "width", "height")]
    angle = value.get("rotation") or 0
    ((x, y), (width, height), (degrees, _)) = _pixels(where, [box[:2], box[2:], [angle, 0]], (100, 100))
    turned = math.radians(degrees)
    x, y, width, height = (np.array([x, y, width, height]) * np.tile(shape[::-1], 2) / 100).tolist()
    along = width * np.array([math.cos(turned), math.sin(turned)])
    down = height * np.array([-math.sin(turned), math.cos(turned)])
    return Outline(rings=(np.array([x, y]) + np.array([0 * along, along, along + down, down]),))


def _brush(where: str, value: Item, shape: tuple[int, int]) -> Outline:
    rle = value.get("rle")
    if not isinstance(rle, list) or not all(isinstance(each, int) and 0 <= each < 256 for each in rle):
        raise InputError(f"{where}: rle: expected a list of bytes. Received {rle!r:.80}")
    try:
        return Outline(runs=runs_of(unpacked(rle, shape)))
    except ValueError as error:
        raise InputError(
            f"{where}: rle: expected an image of {shape[1]} x {shape[0]} pixels. Received {error}"
        ) from None


def _pixels(where: str, pairs: Any, shape: tuple[int, int]) -> FloatArray:
    """Corners (x, y) in pixels, from per cent of width and height."""
    numbers = [each for pair in pairs for each in pair]
    if not all(isinstance(n, int | float) and math.isfinite(n) and abs(n) < LARGEST for n in numbers):
        raise InputError(f"{where}: expected numbers in per cent of width and height. Received {pairs!r:.80}")
    return np.array(pairs, np.float64) * shape[::-1] / 100
