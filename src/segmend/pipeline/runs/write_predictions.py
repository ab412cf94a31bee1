"""Predictions as a folder that ``load_predictions`` reads back."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.files import write_json
from segmend.core.segments import Segments
from segmend.errors import InputError
from segmend.formats.csv_annotations import CsvAnnotations
from segmend.pipeline.runs.rows import rows_of


def write_predictions(prediction: Prediction, folder: Path) -> None:
    """Write scores/, labels/ (what is true), segments/ (what was decoded), splits.json and dataset.json.

    Args:
        prediction: parts that are None give no folder.
        folder: made if it is not there; names of recordings become names of files.

    Raises:
        InputError: a name cannot name a file.
    """
    tables = [Segments.from_steps(steps, prediction.labels.background) for steps in prediction.y_pred]
    for name, table in zip(prediction.names, tables, strict=True):
        file = _file(folder / "segments", name, ".csv")
        CsvAnnotations().write(file, rows_of([name], [table], prediction.labels))
    for part, kind in ((prediction.y_prob, np.float32), (prediction.y_true, np.int16)):
        for name, rows in zip(prediction.names, part or (), strict=part is not None):
            np.save(_file(folder / ("scores" if kind is np.float32 else "labels"), name, ".npy"), rows.astype(kind))
    if prediction.reference is not None:
        reference = rows_of(prediction.names, prediction.reference, prediction.labels)
        CsvAnnotations().write(folder / "annotations.csv", reference)
    if prediction.splits:
        write_json(folder / "splits.json", dict(prediction.splits))
    groups = {} if prediction.groups is None else dict(zip(prediction.names, prediction.groups, strict=True))
    write_json(
        folder / "dataset.json",
        {
            "task": "segmentation",
            "sampling_rate_hz": prediction.sampling_rate_hz,
            "labels": prediction.labels.names,
            "background": prediction.labels.background,
            "groups": groups,
        },
    )


def _file(folder: Path, name: str, suffix: str) -> Path:
    if Path(name).name != name or name in ("", ".", ".."):
        raise InputError(f'names: expected names of recordings that can name files. Received "{name}"')
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}{suffix}"
