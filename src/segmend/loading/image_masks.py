"""``masks/``, and ``instances/`` where objects are told apart beside classes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from segmend.core.dataset import Problem
from segmend.core.labels import MOST_CLASSES, Labels
from segmend.core.regions import Regions
from segmend.core.task import Task
from segmend.core.types import IntArray
from segmend.errors import InputError
from segmend.loading.image_files import ImageFile, image_paths
from segmend.loading.marked import Asked, Marked, not_there
from segmend.loading.mask_meaning import Meaning, read_meaning
from segmend.loading.masks import (
    class_mask,
    highest,
    holds_any,
    instances,
    is_white,
    layers,
    object_masks,
    open_masks,
    unknown_classes,
    white_mask,
    wrong_size,
)

CLASSES, OBJECTS = "masks", "instances"
"""Folders."""


def has_masks(folder: Path) -> bool:
    """Whether a folder holds masks."""
    return (folder / CLASSES).is_dir()


def read_masks(place: Path, files: Sequence[ImageFile], task: Task, asked: Asked) -> Marked:
    """What the masks in a folder say of images.

    Objects are told apart by the folder ``instances/`` beside it, if it is itself called ``masks/``. Where labels may
    overlap, there is a folder of masks for each, named like it: what is above 0 has the label, and an image that
    another label has a mask of lacks it where there is no file.

    Raises:
        InputError: a mask cannot be read, dataset.json has another word for what masks hold, or masks of objects come
            with several labels.
    """
    meaning = read_meaning(asked.description.path)
    shapes = {file.name: file.shape for file in files}
    if task.labels == "multilabel":
        return _overlapping(place, shapes, asked)
    paths = image_paths(place)
    masks = open_masks(paths)
    problems = not_there(paths, shapes, f"{place.name}/")
    fitting = _fitting(paths, masks, shapes, problems)
    if meaning.mask == "instance":
        labels = _one_label(place, asked)
        regions = {name: _objects(mask, labels) for name, mask in fitting.items()}
        return Marked(labels=labels, regions=regions, problems=tuple(problems))
    white = meaning.ignore is None and len(asked.names) <= 1 and _are_white(fitting)
    if white:
        fitting = {name: white_mask(mask) for name, mask in fitting.items()}
    labels = asked.of_pixels(()) if asked.names else _numbers(asked, fitting, meaning)
    problems += _unknown(paths, fitting, labels, meaning)
    classes = {name: class_mask(mask, len(labels), meaning.ignore) for name, mask in fitting.items()}
    apart = _apart(place, shapes, classes, labels, problems)
    regions = {name: Regions(mask, apart.get(name)) for name, mask in classes.items()}
    return Marked(labels=labels, regions=regions, problems=tuple(problems))


def _overlapping(place: Path, shapes: Mapping[str, tuple[int, int]], asked: Asked) -> Marked:
    """One layer for each label, from the masks in its folder."""
    folders = {each.name: each for each in sorted(place.iterdir()) if each.is_dir()}
    known = asked.names or list(folders)
    unknown = [name for name in folders if name not in known]
    if unknown or not folders:
        named = f" named like the labels {', '.join(known):.200}" if known else ", one for each label"
        raise InputError(
            f"{place}: expected folders{named}, as labels may overlap ({place.name}/LABEL/NAME.png). "
            f"Received {unknown[0] if unknown else 'none'}"
        )
    labels = asked.of_images(folders)
    problems: list[Problem] = []
    found: dict[str, dict[int, IntArray]] = {}
    for name, inner in folders.items():
        paths = image_paths(inner)
        problems += not_there(paths, shapes, f"{place.name}/{name}/")
        for image, mask in _fitting(paths, open_masks(paths), shapes, problems).items():
            found.setdefault(image, {})[labels.number(name)] = mask
    regions = {name: Regions(layers(masks, shapes[name], len(labels))) for name, masks in found.items()}
    return Marked(labels=labels, regions=regions, problems=tuple(problems))


def _fitting(
    paths: Mapping[str, Path],
    masks: Mapping[str, IntArray],
    shapes: Mapping[str, tuple[int, int]],
    problems: list[Problem],
) -> dict[str, IntArray]:
    """The masks of images that are there, and of their sizes; adds a problem for each of another size."""
    fitting = {}
    for name, mask in masks.items():
        if name in shapes:
            wrong = wrong_size(name, paths[name], mask, shapes[name])
            problems += wrong
            if not wrong:
                fitting[name] = mask
    return fitting


def _are_white(masks: Mapping[str, IntArray]) -> bool:
    """Whether masks hold nothing but black and white, as painting programs write what is there and what is not."""
    white = _each(is_white, [(mask,) for mask in masks.values()])
    return None not in white and any(white)


def _one_label(place: Path, asked: Asked) -> Labels:
    labels = asked.of_pixels(["object"])
    if labels.background is None or len(labels.foreground) != 1:
        raise InputError(
            f"{asked.description.path or place.parent}: labels: expected one label and a background, where masks hold "
            f"numbers of objects (of several classes: class masks in {CLASSES}/, objects in {OBJECTS}/). "
            f"Received {', '.join(labels.names):.200}"
        )
    return labels


def _objects(mask: IntArray, labels: Labels) -> Regions:
    return object_masks(mask, labels.foreground[0], labels.background or 0)


def _numbers(asked: Asked, masks: Mapping[str, IntArray], meaning: Meaning) -> Labels:
    """Labels by the numbers themselves, where nobody named them."""
    most = max(_each(highest, [(mask, meaning.ignore) for mask in masks.values()]), default=0)
    if most >= MOST_CLASSES:
        raise InputError(
            f'{CLASSES}/: expected class numbers below {MOST_CLASSES} (masks of objects: "mask": "instance" in '
            f"dataset.json). Received {most}"
        )
    return asked.of_pixels(str(number) for number in range(1, max(most, 1) + 1))


def _unknown(
    paths: Mapping[str, Path], masks: Mapping[str, IntArray], labels: Labels, meaning: Meaning
) -> list[Problem]:
    calls = [(name, paths[name], mask, labels, meaning.ignore) for name, mask in masks.items()]
    return [problem for found in _each(unknown_classes, calls) for problem in found]


def _apart(
    place: Path,
    shapes: Mapping[str, tuple[int, int]],
    classes: Mapping[str, IntArray],
    labels: Labels,
    problems: list[Problem],
) -> dict[str, IntArray]:
    """Numbers of objects, where a folder tells them beside the classes; an image without objects needs no file."""
    folder = place.parent / OBJECTS
    if place.name != CLASSES or not folder.is_dir():
        return {}
    paths = image_paths(folder)
    problems += not_there(paths, shapes, f"{OBJECTS}/")
    found = _fitting(paths, open_masks(paths), shapes, problems)
    lacking = [name for name in classes if name not in paths]
    held = _each(holds_any, [(classes[name], labels.foreground) for name in lacking])
    for name, holds in zip(lacking, held, strict=True):
        if not holds:
            found[name] = np.zeros(shapes[name], np.int32)
        else:
            message = f"expected {name}, as the objects of other images are told apart there. Received no such file"
            problems.append(Problem("partial", name, f"{OBJECTS}/", message))
    return {name: instances(mask) for name, mask in found.items()}


def _each(function: Any, calls: Sequence[tuple[Any, ...]]) -> list[Any]:
    """The function's results; pictures are decoded side by side, outside of Python's lock."""
    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
        return list(pool.map(lambda call: function(*call), calls))
