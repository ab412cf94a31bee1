"""Predictions as a folder that ``load_predictions`` reads back."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.files import write_json
from segmend.core.segments import Segments
from segmend.core.types import IntArray
from segmend.errors import InputError
from segmend.formats.csv_annotations import CsvAnnotations
from segmend.pipeline.runs.rows import rows_of


def write_predictions(prediction: Prediction, folder: Path) -> None:
    """Write what is known of recordings, one file for each in a folder for each kind of fact.

    ``scores/`` (probabilities), ``labels/`` (what is true); what was decoded: ``segments/`` of signals, ``masks/`` and
    ``objects/`` of images, ``recordings.csv`` of whole recordings; ``instances/`` (true objects of images),
    ``annotations.csv`` (true segments), splits.json and dataset.json. Scores that are there already stay.

    Args:
        prediction: of any task; parts that are None give no folder.
        folder: made if it is not there; names of recordings become names of files.

    Raises:
        InputError: a name cannot name a file.
    """
    for part, kind, rows in (
        ("scores", np.float32, prediction.y_prob),
        ("labels", np.int16, prediction.y_true),
        ("instances", np.int32, prediction.instances),
    ):
        _arrays(folder / part, prediction.names, rows, kind)
    _decoded(prediction, folder)
    if prediction.reference is not None:
        reference = rows_of(prediction.names, prediction.reference, prediction.labels)
        CsvAnnotations().write(folder / "annotations.csv", reference)
    if prediction.splits:
        write_json(folder / "splits.json", {role: list(names) for role, names in prediction.splits.items()})
    write_json(folder / "dataset.json", description(prediction))


def description(prediction: Prediction) -> dict[str, Any]:
    """What dataset.json says of predictions."""
    groups = prediction.groups or prediction.names
    return {
        "task": prediction.task.name,
        "rank": prediction.task.rank,
        "sampling_rate_hz": prediction.sampling_rate_hz,
        "labels": list(prediction.labels.names),
        "background": prediction.labels.background,
        "groups": dict(zip(prediction.names, groups, strict=True)),
    }


def segments_of(y_pred: IntArray, prediction: Prediction) -> Segments:
    """The predicted segments of one signal."""
    if prediction.multilabel:
        return Segments.from_overlapping(y_pred)
    return Segments.from_steps(y_pred, prediction.labels.background)


def classes_of(y_pred: IntArray, prediction: Prediction) -> list[str]:
    """The names of the predicted classes of one whole recording."""
    numbers = np.flatnonzero(np.asarray(y_pred) == 1) if prediction.multilabel else np.atleast_1d(y_pred)
    return [prediction.labels.names[k] for k in numbers.tolist()]


def _decoded(prediction: Prediction, folder: Path) -> None:
    """What was decoded, in the form of the task."""
    if prediction.rank == 0:
        _recordings(prediction, folder / "recordings.csv")
    elif prediction.rank == 1:
        for name, steps in zip(prediction.names, prediction.y_pred, strict=True):
            table = rows_of([name], [segments_of(steps, prediction)], prediction.labels)
            CsvAnnotations().write(_file(folder / "segments", name, ".csv"), table)
    else:
        _arrays(folder / "masks", prediction.names, prediction.y_pred, np.int16)
        _arrays(folder / "objects", prediction.names, prediction.predicted_instances, np.int32)


def _recordings(prediction: Prediction, path: Path) -> None:
    """One row for each label of each recording; one without a label where it has none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["recording", "label"])
        for name, y_pred in zip(prediction.names, prediction.y_pred, strict=True):
            writer.writerows([name, label] for label in classes_of(y_pred, prediction) or [""])


def _arrays(folder: Path, names: Sequence[str], rows: Sequence[Any] | None, kind: Any) -> None:
    for name, values in zip(names, rows or (), strict=rows is not None):
        path = _file(folder, name, ".npy")
        # Scores were written as they came: what is read as a memory map must not be written over.
        if not (kind is np.float32 and path.exists()):
            np.save(path, np.asarray(values).astype(kind))


def _file(folder: Path, name: str, suffix: str) -> Path:
    if Path(name).name != name or name in ("", ".", ".."):
        raise InputError(f'names: expected names of recordings that can name files. Received "{name}"')
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}{suffix}"
