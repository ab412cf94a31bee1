"""PREDICTIONS folders: scores, labels and splits of many recordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from segmend.artifacts.prediction import Prediction
from segmend.core.roles import purpose
from segmend.errors import InputError
from segmend.formats.npy import read_array
from segmend.loading.description import Description, parts_of, read_description, read_json_object
from segmend.loading.step_folder import files_of, read_steps
from segmend.loading.whole_folder import MASKS, RECORDINGS, read_whole


def predictions_folder(path: Path | str) -> Path | None:
    """The folder that holds predictions: the path itself or its ``predictions`` (a RUN); None where neither does.

    It has ``scores/`` or ``segments/``, or, where it holds no images, ``masks/``, or ``recordings.csv``.
    """
    for folder in (Path(path), Path(path) / "predictions"):
        if any((folder / part).is_dir() for part in ("scores", "segments")):
            return folder
        data = any((folder / part).exists() for part in ("signals", "images", "X.npy"))
        if not data and ((folder / MASKS).is_dir() or (folder / RECORDINGS).is_file()):
            return folder
    return None


def rank_of_predictions(path: Path | str) -> int | None:
    """Number of spatial axes of the predictions in a folder, 0 of whole recordings; None where there are none."""
    folder = predictions_folder(path)
    return None if folder is None else _rank(folder, read_description(folder))


def is_predictions(path: Path | str) -> bool:
    """Whether ``load_predictions`` is the one to read this folder."""
    return predictions_folder(path) is not None


def load_predictions(
    path: Path | str, *, labels: Sequence[str] | None = None, background: int | str | None = "auto"
) -> Prediction:
    """Read a PREDICTIONS folder, a PRED folder, or the predictions of a RUN.

    ``scores/NAME.npy`` (steps, classes) give ``y_prob``; ``labels/NAME.npy`` (steps,), where there are any, give
    ``y_true``; ``y_pred`` is the argmax of the scores, or ``segments/NAME.csv`` where something was decoded.
    ``annotations.csv``, where there is one, gives the reference as tables. In ``splits.json`` the keys train, val and
    test* are roles and any other key names a group (a fold).

    Of images, scores have the shape (height, width, classes) and labels (height, width); ``masks/NAME.npy`` or
    ``.png`` were decoded, ``objects/`` numbers the predicted objects and ``instances/`` the true ones. Of whole
    recordings (dataset.json says so), scores have the shape (classes,), and ``recordings.csv`` was decoded. Either may
    be there without scores. Where labels may overlap, all but scores have a last axis of 0 or 1 for each class.

    Args:
        path: the folder.
        labels: class names; all of them, or all but the background's.
        background: class number that is no segment, None, or "auto": as dataset.json says; None where it (or
            ``labels``) names as many labels as there are classes; otherwise 0.

    Raises:
        InputError: a file is missing, damaged, of the wrong length, or holds NaN or unknown class numbers.
    """
    folder = predictions_folder(path)
    if folder is None:
        raise InputError(f"{path}: expected a folder with scores/NAME.npy. Received one without, or none")
    description = read_description(folder)
    if (rank := _rank(folder, description)) == 1:
        found = read_steps(folder, description, labels, background)
    else:
        found = read_whole(folder, rank, description, labels, background)
    groups, splits = _groups_and_splits(folder, found.names, description)
    return replace(found, groups=groups, splits=splits, sampling_rate_hz=description.sampling_rate_hz)


def _rank(folder: Path, description: Description) -> int:
    """0 for whole recordings, 1 for signals, 2 for images: as many spatial axes as the scores have."""
    if description.task.endswith("classification"):
        return 0
    first = next(iter(files_of(folder / "scores", ".npy").values()), None)
    if first is None:
        return 2 if (folder / MASKS).is_dir() else 1
    return read_array(first).ndim - 1


def _groups_and_splits(
    folder: Path, names: tuple[str, ...], description: Description
) -> tuple[tuple[str, ...] | None, dict[str, tuple[str, ...]]]:
    """The group of each recording and the names of each role or fold."""
    path = folder / "splits.json"
    parts = parts_of(path, read_json_object(path)) if path.exists() else description.split
    known = set(names)
    fold_of: dict[str, str] = {}
    for part, members in parts.items():
        unknown = sorted(set(members) - known)
        if unknown:
            raise InputError(f'{path}: {part}: expected recordings with scores. Received "{unknown[0]}"')
        if purpose(part) is None:
            twice = sorted(fold_of.keys() & set(members))
            if twice:
                raise InputError(
                    f'{path}: expected each recording in one group. Received "{twice[0]}" '
                    f"in {fold_of[twice[0]]}, {part}"
                )
            fold_of.update(dict.fromkeys(members, part))
    groups = {**description.groups, **fold_of}
    return (tuple(groups.get(name, name) for name in names) if groups else None), parts
