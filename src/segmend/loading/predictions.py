"""PREDICTIONS folders: scores, labels and splits of many recordings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.core.limits import allow_open_files
from segmend.core.rasterize import paint
from segmend.core.roles import purpose
from segmend.core.segments import Segments
from segmend.core.types import FloatArray, IntArray
from segmend.core.undecoded import undecoded
from segmend.errors import InputError
from segmend.formats.base import Annotations
from segmend.formats.csv_annotations import CsvAnnotations
from segmend.formats.npy import read_array
from segmend.loading.description import Description, parts_of, read_description, read_json_object
from segmend.loading.naming import choose_labels, overlapping_labels
from segmend.loading.steps import read_labels, read_overlapping, read_scores, refuse_differing, refuse_unknown
from segmend.loading.tables import tables
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
    if (rank := _rank(folder, description)) != 1:
        found = read_whole(folder, rank, description, labels, background)
        groups, splits = _groups_and_splits(folder, found.names, description)
        return replace(found, groups=groups, splits=splits, sampling_rate_hz=description.sampling_rate_hz)
    files = _find(folder)
    multilabel = description.task.startswith("multilabel-")
    prob = _scores(files, multilabel)
    if multilabel:
        known = overlapping_labels(description, _classes(prob), labels)
        true = _true(files, prob, lambda path: read_overlapping(path, len(known)))
    else:
        true = _true(files, prob, read_labels)
        known = choose_labels(description, _classes(prob), _highest(true), labels, background)
        for name, row in zip(files.names, true or (), strict=bool(true)):
            refuse_unknown(files.labels[name], row, known)
    lengths = {name: len(row) for name, row in zip(files.names, prob or true or (), strict=True)}
    groups, splits = _groups_and_splits(folder, files.names, description)
    reference = folder / "annotations.csv"
    return Prediction(
        names=files.names,
        labels=known,
        y_true=true,
        y_pred=_predicted(files.segments, prob, lengths, known, description),
        y_prob=prob,
        multilabel=multilabel,
        reference=_reference(reference, lengths, known, description) if reference.exists() else None,
        groups=groups,
        splits=splits,
        sampling_rate_hz=description.sampling_rate_hz,
    )


def _rank(folder: Path, description: Description) -> int:
    """0 for whole recordings, 1 for signals, 2 for images: as many spatial axes as the scores have."""
    if description.task.endswith("classification"):
        return 0
    first = next(iter(_files(folder / "scores", ".npy").values()), None)
    if first is None:
        return 2 if (folder / MASKS).is_dir() else 1
    return read_array(first).ndim - 1


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of a folder by name of recording; each part may be empty, but not scores and labels together."""

    names: tuple[str, ...]
    scores: dict[str, Path]
    labels: dict[str, Path]
    segments: dict[str, Path]


def _find(folder: Path) -> _Files:
    scores, labels = (_files(folder / part, ".npy") for part in ("scores", "labels"))
    segments = _files(folder / "segments", ".csv")
    names = tuple(sorted(scores or segments))
    if not names:
        raise InputError(f"{folder}: expected scores/NAME.npy for one recording or more. Received none")
    if not scores and not labels:
        raise InputError(f"{folder}: expected scores/ or labels/, which tell how long recordings are. Received neither")
    if labels and (set(labels) != set(names)):
        missing, spare = sorted(set(names) - set(labels)), sorted(set(labels) - set(names))
        fault = f"no {missing[0]}.npy" if missing else f"{spare[0]}.npy, which has no scores"
        raise InputError(
            f"{folder / 'labels'}: expected one file for each of the {len(names)} predictions. Received {fault}"
        )
    return _Files(names, scores, labels, segments)


def _scores(files: _Files, multilabel: bool) -> tuple[FloatArray, ...] | None:
    allow_open_files(len(files.names))
    if not files.scores:
        return None
    return tuple(read_scores(files.scores[name], multilabel=multilabel) for name in files.names)


def _true(
    files: _Files, prob: tuple[FloatArray, ...] | None, read: Callable[[Path], IntArray]
) -> tuple[IntArray, ...] | None:
    true = tuple(read(files.labels[name]) for name in files.names) if files.labels else None
    if prob is not None:
        refuse_differing([files.scores[name] for name in files.names], prob, true)
    return true


def sound_tables(
    annotations: Annotations,
    lengths: dict[str, int],
    labels: Labels,
    sampling_rate_hz: float | None,
    *,
    multilabel: bool = False,
) -> dict[str, Segments]:
    """One table per recording, from rows without a fault; arguments as for ``tables``.

    Raises:
        InputError: the first fault, with file and line.
    """
    found, problems = tables(annotations, lengths, labels, sampling_rate_hz, multilabel=multilabel)
    if problems:
        raise InputError(f"{problems[0].where}: {problems[0].message}")
    return {name: found.get(name, Segments.empty()) for name in lengths}


def _files(folder: Path, suffix: str) -> dict[str, Path]:
    return {file.stem: file for file in folder.iterdir() if file.suffix == suffix} if folder.is_dir() else {}


def _classes(prob: tuple[FloatArray, ...] | None) -> int | None:
    return None if prob is None else int(prob[0].shape[1])


def _highest(true: tuple[IntArray, ...] | None) -> int:
    return max((int(row.max()) for row in true or () if row.size), default=0)


def _predicted(
    decoded: dict[str, Path],
    prob: tuple[FloatArray, ...] | None,
    lengths: dict[str, int],
    labels: Labels,
    description: Description,
) -> tuple[IntArray, ...]:
    """What was decoded, where it was, else the most probable class."""
    multilabel = description.task.startswith("multilabel-")
    if not decoded:
        assert prob is not None
        return tuple(undecoded(rows, multilabel=multilabel) for rows in prob)
    every = []
    for name, steps in lengths.items():
        if name not in decoded:
            raise InputError(f"{next(iter(decoded.values())).parent}: expected {name}.csv. Received no such file")
        rows = CsvAnnotations().read(decoded[name])
        table = sound_tables(rows, {name: steps}, labels, description.sampling_rate_hz, multilabel=multilabel)
        every.append(paint(table[name], steps, labels, multilabel=multilabel))
    return tuple(every)


def _reference(path: Path, lengths: dict[str, int], labels: Labels, description: Description) -> tuple[Segments, ...]:
    multilabel = description.task.startswith("multilabel-")
    rows = CsvAnnotations().read(path)
    return tuple(sound_tables(rows, lengths, labels, description.sampling_rate_hz, multilabel=multilabel).values())


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
