"""``SPLIT/LABEL/*.jpg`` or ``LABEL/*.jpg``: the folder of an image names its class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from segmend.core.dataset import Dataset, Problem
from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.roles import purpose, role
from segmend.core.task import Task
from segmend.errors import InputError
from segmend.loading.description import Description, read_description
from segmend.loading.folder import refuse_unknown_names
from segmend.loading.image_files import common_pixels, is_image, open_images

OTHERS = {
    "multilabel-classification": "images/ with annotations.csv holds several",
    "segmentation": "images/ with masks/ has a class for each pixel",
    "multilabel-segmentation": "images/ with masks/LABEL/ has classes for each pixel",
}
"""Where the labels of other tasks stand."""

Places = dict[Path, tuple[str, ...]]


def has_class_folders(folder: Path) -> bool:
    """Whether there are images one or two folders down."""
    return any(_holds_image(child) or any(map(_holds_image, _folders(child))) for child in _folders(folder))


def load_class_folders(folder: Path, *, labels: Sequence[str] | None) -> Dataset:
    """Read images whose folders name their classes; ``load_dataset`` says how.

    An image is called by its file's name without the suffix; where that is not unique, by split, label and name,
    joined by "_". The split of dataset.json goes before that of the folders.
    """
    description = read_description(folder)
    if description.says_task and description.task != "classification":
        raise InputError(
            f"{description.path}: task: expected classification, as class folders give each image one class. "
            f"Received {description.task} ({OTHERS[description.task]})"
        )
    places = _places(folder)
    names = _names(places)
    known = _labels(description, places, labels)
    files = open_images({names[path]: path for path in places})
    refuse_unknown_names(description, dict.fromkeys(names.values(), 0))
    numbers = {label: number for number, label in enumerate(known.names)}
    return Dataset(
        recordings=tuple(
            Recording(
                name=file.name,
                signal=file.image.values,
                classes=_classes(numbers.get(places[file.path][-1])),
                group=description.groups.get(file.name, file.name),
                source=file.path,
            )
            for file in files
        ),
        task=Task.named("classification", len(known), rank=2),
        labels=known,
        channels=common_pixels(files, description.channels),
        split=description.split or _split(folder, places, names),
        problems=tuple(_unknown(folder, places, names, known)),
        path=folder,
        notes=tuple(_empty(folder, places, known)),
    )


def class_images(folder: Path) -> dict[str, Path]:
    """The image files of such a folder by the names that ``load_class_folders`` gives them."""
    return {name: path for path, name in _names(_places(folder)).items()}


def _classes(number: int | None) -> tuple[int, ...] | None:
    return None if number is None else (number,)


def _places(folder: Path) -> Places:
    """Each image with the names of its folders, (label,) or (split, label).

    Raises:
        InputError: images of both depths.
    """
    places: Places = {}
    for child in _folders(folder):
        places.update(dict.fromkeys(_images(child), (child.name,)))
        for inner in _folders(child):
            places.update(dict.fromkeys(_images(inner), (child.name, inner.name)))
    depths = {len(parts): path for path, parts in places.items()}
    if len(depths) > 1:
        raise InputError(
            f"{folder}: expected all images in LABEL/ or all in SPLIT/LABEL/. Received both: "
            f"{depths[1].relative_to(folder)} and {depths[2].relative_to(folder)}"
        )
    return places


def _empty(folder: Path, places: Places, labels: Labels) -> Iterator[str]:
    """A line for each folder that would stand for a class or a part, and holds no image."""
    full = {path.parent for path in places}
    outer = {each.parent for each in full}
    for child in _folders(folder):
        if child not in full | outer:
            lost = folder in outer and child.name not in labels.names
            yield f"{child.name}/ holds no images" + (": it is no class" if lost else "")
        for inner in _folders(child) if child in outer else ():
            if inner not in full:
                yield f"{child.name}/{inner.name}/ holds no images"


def _names(places: Places) -> dict[Path, str]:
    """A name for each image that no other has."""
    seen = Counter(path.stem for path in places)
    if len(seen) == len(places):
        return {path: path.stem for path in places}
    names = {path: "_".join((*parts, path.stem)) for path, parts in places.items()}
    by_name: dict[str, Path] = {}
    for path, name in names.items():
        if name in by_name:
            raise InputError(f'{path}: expected one image of the name "{name}". Received {by_name[name]} too')
        by_name[name] = path
    return names


def _labels(description: Description, places: Places, labels: Sequence[str] | None) -> Labels:
    given = labels if labels is not None else description.labels
    return Labels.of(given if given is not None else sorted({parts[-1] for parts in places.values()}), None)


def _split(folder: Path, places: Places, names: dict[Path, str]) -> dict[str, tuple[str, ...]]:
    """The parts that the outer folders stand for, the images of each in order."""
    split: dict[str, list[str]] = {}
    for path, parts in places.items():
        if len(parts) == 2:
            part = role(parts[0])
            if purpose(part) is None:
                raise InputError(
                    f"{folder / parts[0]}: expected the folders train, val and test (or a split in dataset.json). "
                    f'Received "{parts[0]}"'
                )
            split.setdefault(part, []).append(names[path])
    return {part: tuple(sorted(members)) for part, members in split.items()}


def _unknown(folder: Path, places: Places, names: dict[Path, str], labels: Labels) -> list[Problem]:
    """One problem for each image in a folder that no class is called like."""
    message = f"expected a folder named like a class among {', '.join(labels.names):.300}. Received"
    return [
        Problem("unknown-label", names[path], str(path.relative_to(folder)), f'{message} "{parts[-1]}"', parts[-1])
        for path, parts in places.items()
        if parts[-1] not in labels.names
    ]


def _folders(folder: Path) -> list[Path]:
    return sorted(child for child in folder.iterdir() if child.is_dir() and not child.name.startswith("."))


def _images(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if is_image(path))


def _holds_image(folder: Path) -> bool:
    return any(is_image(path) for path in folder.iterdir())
