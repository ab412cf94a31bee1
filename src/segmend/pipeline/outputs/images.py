"""Masks and objects of images, as pictures, as a table, and as objects to correct."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.core.types import IntArray
from segmend.decoding.objects import with_objects
from segmend.formats.base import Image
from segmend.formats.coco import CocoAnnotations
from segmend.formats.label_studio_images import LabelStudioImages
from segmend.formats.label_studio_setup import regions_setup
from segmend.formats.objects import MarkedImage, Object, Objects, Outline
from segmend.formats.png import Png, write_coloured
from segmend.formats.rle import runs_of
from segmend.formats.tiff import Tiff
from segmend.pipeline.outputs.base import TASKS, Subject, Writer, project_of, subfolder, told
from segmend.pipeline.outputs.entries import Entry
from segmend.pipeline.outputs.objects import HEAD, Found, Layer, found_in, layers
from segmend.reporting.contours import outlines
from segmend.reporting.palette import colours

TOLERANCE = 0.3
"""Pixels by which polygons miss the exact border: less than the 0.35 from there to the next pixel's middle."""

WHITE, GROUND = 255, "#000000"


class ImageWriter(Writer):
    """``masks/NAME.png`` (classes), ``objects/NAME.png`` (numbers of objects) and ``objects.csv``.

    Where labels may overlap, masks and numbers lie in a folder for each label. On request tasks of Label Studio, and
    COCO's objects in ``coco.json``.
    """

    serves: ClassVar[tuple[str, ...]] = ("csv", "label-studio", "coco")
    usual: ClassVar[tuple[str, ...]] = ("label-studio",)

    def __init__(self, folder: Path, subject: Subject, formats: tuple[str, ...]) -> None:
        super().__init__(folder, subject, formats)
        self.marked: list[MarkedImage] = []
        self._append([HEAD])

    def add(self, entry: Entry, prediction: Prediction) -> str:
        """The objects of one image; connected pixels of a class are one where the decoder tells none."""
        assert prediction.y_prob is not None
        labels, numbers = self.subject.labels, prediction.predicted_instances
        regions = with_objects(prediction.y_pred[0], None if numbers is None else numbers[0], labels)
        mask, instances = np.asarray(regions.mask), np.asarray(regions.instances)
        self._masks(entry.name, mask)
        counts = dict.fromkeys(labels.foreground_names, 0)
        objects: list[Object] = []
        for layer in layers(instances, labels):
            parts = () if layer.name is None else (layer.name,)
            write_numbers(subfolder(self.folder, "objects", *parts) / entry.name, layer.numbers)
            found = found_in(layer, mask, prediction.y_prob[0], labels)
            self._append(found.rows(entry.name, labels))
            for k in found.label.tolist():
                counts[labels.names[k]] += 1
            if {"label-studio", "coco"} & set(self.formats):
                objects += marked(layer, found, labels)
        self.marked.append(MarkedImage(entry.file, mask.shape[:2], tuple(objects)))
        return told(counts, "object")

    def close(self) -> None:
        """One file of objects for all images."""
        labels = self.subject.labels.foreground_names
        every = Objects(tuple(self.marked), labels, TASKS)
        if "label-studio" in self.formats:
            LabelStudioImages().write(self.folder / TASKS, every)
            self.write_setup(regions_setup(project_of(self.subject, heard=False), labels))
        if "coco" in self.formats:
            CocoAnnotations().write(self.folder / "coco.json", every)

    def _masks(self, name: str, mask: IntArray) -> None:
        labels = self.subject.labels
        if mask.ndim == 3:
            for k in labels.foreground:
                place = subfolder(self.folder, "masks", labels.names[k])
                Png().write(
                    place / f"{name}.png", Image(np.where(mask[..., k : k + 1] == 1, WHITE, 0).astype(np.uint8))
                )
            return
        path = subfolder(self.folder, "masks") / f"{name}.png"
        if len(labels) > WHITE:
            Png().write(path, Image(mask[..., np.newaxis].astype(np.uint16)))
        else:
            every = colours(labels)
            write_coloured(path, mask, [GROUND if k == labels.background else every[k] for k in range(len(every))])

    def _append(self, rows: Iterable[Sequence[object]]) -> None:
        with (self.folder / "objects.csv").open("a", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)


def write_numbers(place: Path, numbers: IntArray) -> None:
    """Numbers of objects as a PNG of 16 bits, or as a TIFF of 32 where there are more.

    Args:
        place: the file without suffix.
        numbers: shape (height, width).
    """
    values = numbers[..., np.newaxis]
    if numbers.max(initial=0) <= np.iinfo(np.uint16).max:
        Png().write(place.with_name(f"{place.name}.png"), Image(values.astype(np.uint16)))
    else:
        Tiff().write(place.with_name(f"{place.name}.tif"), Image(values.astype(np.uint32)))


def marked(layer: Layer, found: Found, labels: Labels) -> list[Object]:
    """The objects of a layer as outlines: a polygon where one tells the object, else runs of pixels."""
    borders = outlines(layer.numbers, TOLERANCE)
    objects = []
    for number, label in zip(found.number.tolist(), found.label.tolist(), strict=True):
        rings = borders[number]
        outline = Outline(rings=(rings[0],)) if len(rings) == 1 else Outline(runs=runs_of(layer.numbers == number))
        objects.append(Object(labels.names[label], outline, number=number))
    return objects
