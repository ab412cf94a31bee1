"""``images/`` with ``masks/``, with annotations of objects, or with labels of whole images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from segmend.core.dataset import Dataset, Problem
from segmend.core.recording import Recording
from segmend.core.task import Task
from segmend.errors import InputError
from segmend.loading.description import Description, read_description
from segmend.loading.folder import refuse_unknown_names
from segmend.loading.image_files import ImageFile, common_pixels, image_paths, open_images
from segmend.loading.image_labels import classes_of_rows, read_labels_of_images
from segmend.loading.image_masks import CLASSES, has_masks, read_masks
from segmend.loading.image_objects import object_format, paired, read_objects, regions_of_objects, rows_of_objects
from segmend.loading.marked import Asked, Marked, left_out
from segmend.loading.recordings_table import has_times, read_table, several_labels

TABLE, OBJECTS = "annotations.csv", "annotations.json"
"""Files beside images/ that are looked for."""


def load_images(
    folder: Path,
    *,
    annotations: Path | str | None,
    labels: Sequence[str] | None,
    background: int | str | None,
) -> Dataset:
    """Read a folder of images; ``load_dataset`` says how."""
    description = read_description(folder)
    asked = Asked(description=description, labels=labels, background=background)
    files = open_images(image_paths(folder / "images"))
    refuse_unknown_names(description, dict.fromkeys((file.name for file in files), 0))
    path = _place(folder, annotations, description)
    task = Task.named(_task(description, path), 0, rank=2)
    marked, where = _marked(files, task, asked, path)
    return Dataset(
        recordings=tuple(
            Recording(
                name=file.name,
                signal=file.image.values,
                regions=marked.regions.get(file.name),
                classes=marked.classes.get(file.name),
                group=description.groups.get(file.name, file.name),
                source=file.path,
            )
            for file in files
        ),
        task=Task.named(task.name, len(marked.labels), rank=2),
        labels=marked.labels,
        channels=common_pixels(files, description.channels),
        split=description.split,
        problems=(*marked.problems, *_left_out(files, marked, where)),
        path=folder,
    )


def _marked(files: Sequence[ImageFile], task: Task, asked: Asked, path: Path | None) -> tuple[Marked, str]:
    """What is marked, and the place where it stands."""
    if path is not None and path.is_dir():
        return read_masks(path, files, task, asked), f"{path.name}/"
    if path is None:
        none = asked.of_images(()) if task.kind == "classification" else asked.of_pixels(())
        return Marked(labels=none), "masks/" if task.kind == "segmentation" else TABLE
    if task.kind == "segmentation":
        return regions_of_objects(read_objects(path), files, task, asked), path.name
    if object_format(path) is None:
        return read_labels_of_images(path, files, task, asked), path.name
    objects = read_objects(path)
    marked, wrong = paired(objects, files)
    found = classes_of_rows(rows_of_objects(marked), path.name, "annotation", files, task, asked)
    return replace(found, problems=(*wrong, *found.problems)), path.name


def _place(folder: Path, annotations: Path | str | None, description: Description) -> Path | None:
    """What the caller gave, as it stands or inside of the folder; else the folder's own file that fits the task."""
    if annotations is None:
        whole = description.task.endswith("classification")
        if not whole and has_masks(folder):
            return folder / CLASSES
        own = (TABLE, OBJECTS) if whole else (OBJECTS,) if description.says_task else (OBJECTS, TABLE)
        return next((folder / name for name in own if (folder / name).exists()), None)
    place = next((each for each in (Path(annotations), folder / annotations) if each.exists()), None)
    if place is None:
        raise InputError(f"{annotations}: expected a file of annotations, or a folder of masks. Received no such file")
    if place.is_dir() and description.task.endswith("classification"):
        raise InputError(f"{place}: expected a file of annotations (task: {description.task}). Received a folder")
    return place / CLASSES if has_masks(place) else place


def _task(description: Description, path: Path | None) -> str:
    """The task of dataset.json; where it names none, a table asks for classification."""
    if description.says_task or path is None or path.suffix.lower() != ".csv" or has_times(path):
        return description.task
    return "multilabel-classification" if several_labels(read_table(path)) else "classification"


def _left_out(files: Sequence[ImageFile], marked: Marked, where: str) -> list[Problem]:
    refused = {problem.recording for problem in marked.problems}
    done = {*marked.regions, *marked.classes, *refused}
    return left_out((file.name for file in files), done, where)
