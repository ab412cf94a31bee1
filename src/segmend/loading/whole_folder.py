"""Predictions of images and of whole recordings, read from a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.core.limits import allow_open_files
from segmend.core.types import FloatArray, IntArray
from segmend.core.undecoded import undecoded
from segmend.errors import InputError
from segmend.loading.description import Description
from segmend.loading.image_files import image_formats
from segmend.loading.naming import choose_labels, overlapping_labels
from segmend.loading.numbers import read_numbers, read_probabilities
from segmend.loading.recordings_table import Row, classes_of, read_table

SCORES, LABELS, MASKS, OBJECTS, INSTANCES = "scores", "labels", "masks", "objects", "instances"
RECORDINGS = "recordings.csv"

Shapes = Mapping[str, tuple[int, ...] | None]
"""Spatial axes of each recording; None where only its masks tell."""


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder of predictions; ``rank`` is 0 of whole recordings, 2 of images, ``names`` what dataset.json names."""

    path: Path
    rank: int
    multilabel: bool
    names: tuple[str, ...]


def read_whole(
    path: Path, rank: int, description: Description, names: Sequence[str] | None, background: int | str | None
) -> Prediction:
    """Read predictions of images or whole recordings, as ``load_predictions`` says; without groups and splits.

    Args:
        path: the folder.
        rank: 0 of whole recordings, 2 of images.
        description: its dataset.json.
        names: class names that the caller gave.
        background: class number, None or "auto".

    Raises:
        InputError: a file is missing, damaged, or does not fit the others.
    """
    folder = _Folder(path, rank, description.multilabel, tuple(description.labels or ()))
    prob = _probabilities(folder)
    rows = read_table(path / RECORDINGS) if rank == 0 and (path / RECORDINGS).is_file() else None
    every = tuple(prob or _said(folder, rows))
    if not every:
        raise InputError(f"{path}: expected predictions of one recording or more. Received none")
    shapes: Shapes = {name: prob[name].shape[:-1] if prob else () if rank == 0 else None for name in every}
    masks = _each(folder, MASKS, shapes, classes=True) if rank else None
    if masks is not None:
        shapes = {name: mask.shape[:rank] for name, mask in zip(every, masks, strict=True)}
    true = _each(folder, LABELS, shapes, classes=True)
    labels = _labels(folder, description, prob, [*(masks or ()), *(true or ())], rows, names, background)
    for part, arrays in ((MASKS, masks), (LABELS, true)):
        _refuse_unknown(folder, part, every, arrays, labels)
    said = masks
    if rows is not None:
        said = classes_of(path / RECORDINGS, rows, every, labels, multilabel=folder.multilabel)
    return Prediction(
        names=every,
        labels=labels,
        y_true=true,
        y_pred=said or tuple(undecoded(scores, multilabel=folder.multilabel) for scores in prob.values()),
        y_prob=tuple(prob.values()) if prob else None,
        rank=rank,
        data_rank=rank or description.rank or 1,
        multilabel=folder.multilabel,
        instances=_each(folder, INSTANCES, shapes) if rank else None,
        predicted_instances=_each(folder, OBJECTS, shapes) if rank else None,
    )


def _probabilities(folder: _Folder) -> dict[str, FloatArray]:
    files = {file.stem: file for file in sorted((folder.path / SCORES).glob("*.npy"))}
    allow_open_files(len(files))
    prob = {name: read_probabilities(file, folder.rank) for name, file in files.items()}
    classes = {name: rows.shape[-1] for name, rows in prob.items()}
    wrong = [name for name, count in classes.items() if count != next(iter(classes.values()))]
    if wrong:
        first = next(iter(classes))
        raise InputError(
            f"{files[wrong[0]]}: expected {classes[first]} classes as in {files[first].name}. "
            f"Received {classes[wrong[0]]}"
        )
    return prob


def _said(folder: _Folder, rows: Sequence[Row] | None) -> list[str]:
    """Names of the recordings where there are no scores."""
    if rows is not None:
        return list(dict.fromkeys(name for _, name, _ in rows))
    suffixes = {".npy", *image_formats()}
    place = folder.path / MASKS
    if not place.is_dir():
        return []
    files = [*place.iterdir(), *(file for label in _label_folders(place) for file in label.iterdir())]
    return sorted({file.stem for file in files if file.suffix.lower() in suffixes})


def _label_folders(place: Path) -> list[Path]:
    """A folder for each label, where labels may overlap and masks are pictures."""
    return sorted(each for each in place.iterdir() if each.is_dir())


def _each(folder: _Folder, part: str, shapes: Shapes, *, classes: bool = False) -> tuple[IntArray, ...] | None:
    """Numbers of each recording; with a last axis for the classes where labels may overlap.

    Raises:
        InputError: a file is missing, or does not fit the others.
    """
    place = folder.path / part
    if not place.is_dir():
        return None
    if folder.multilabel and _label_folders(place):
        return tuple(_stacked(folder, place, name, shape, classes=classes) for name, shape in shapes.items())
    found = []
    for name, shape in shapes.items():
        most = 1 if folder.multilabel and classes else None
        values = read_numbers(_file(place, name), None if folder.multilabel else shape, most=most)
        fits = values.ndim == folder.rank + folder.multilabel
        if not fits or (shape is not None and values.shape[: folder.rank] != shape):
            axes = "(*spatial, classes)" if folder.multilabel else "(*spatial)"
            raise InputError(
                f"{place / name}: expected {axes}{'' if shape is None else f' of {shape}'}. Received {values.shape}"
            )
        found.append(values)
    return tuple(found)


def _stacked(folder: _Folder, place: Path, name: str, shape: tuple[int, ...] | None, *, classes: bool) -> IntArray:
    """One layer for each label, from the folders called like them; above 0 a pixel has the class."""
    layers = []
    for label in folder.names or [each.name for each in _label_folders(place)]:
        if not (place / label).is_dir():
            raise InputError(f"{place}: expected a folder for each label. Received none called {label}")
        layers.append(read_numbers(_file(place / label, name), shape))
        shape = layers[0].shape
    stacked = np.stack(layers, axis=-1)
    return np.sign(stacked) if classes else stacked


def _file(place: Path, name: str) -> Path:
    """The file of a recording, as NumPy or as image."""
    for suffix in (".npy", *image_formats()):
        if (place / f"{name}{suffix}").is_file():
            return place / f"{name}{suffix}"
    raise InputError(f"{place}: expected {name}.npy or an image {name}, as in the other parts. Received no such file")


def _labels(
    folder: _Folder,
    description: Description,
    prob: Mapping[str, FloatArray],
    arrays: Sequence[IntArray],
    rows: Sequence[Row] | None,
    names: Sequence[str] | None,
    background: int | str | None,
) -> Labels:
    """The classes, by the caller, dataset.json, the scores, or what is there."""
    classes = next((int(scores.shape[-1]) for scores in prob.values()), None)
    if folder.multilabel and classes is None:
        classes = next((int(array.shape[-1]) for array in arrays), None)
    if classes is None and names is None and not description.labels and rows is not None:
        names = sorted({label for _, _, label in rows if label})
    if folder.multilabel:
        return overlapping_labels(description, classes, names)
    highest = max((int(array.max(initial=0)) for array in arrays), default=0)
    none = folder.rank == 0 and background == "auto" and description.background == "auto"
    return choose_labels(description, classes, highest, names, None if none else background)


def _refuse_unknown(
    folder: _Folder, part: str, names: Sequence[str], arrays: Sequence[IntArray] | None, labels: Labels
) -> None:
    for name, values in zip(names, arrays or (), strict=arrays is not None):
        most = 1 if folder.multilabel else len(labels) - 1
        if (folder.multilabel and values.shape[-1] != len(labels)) or values.max(initial=0) > most:
            raise InputError(
                f"{folder.path / part}: {name}: expected numbers from -1 to {most} of {len(labels)} classes. "
                f"Received {values.max(initial=0)}, shape {values.shape}"
            )
