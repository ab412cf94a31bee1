"""What a RUN folder holds, and how it is written."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np

from segmend.artifacts.history import History
from segmend.artifacts.prediction import Prediction
from segmend.core.files import write_json
from segmend.core.segments import Segments
from segmend.formats.csv_annotations import CsvAnnotations
from segmend.pipeline.runs.rows import rows_of

PLAN, FINGERPRINT, MODEL, DECODER = "plan.toml", "fingerprint.json", "model.keras", "decoder.json"
HISTORY, PREDICTIONS, SCORES, DIAGNOSIS = "history.csv", "predictions", "scores.json", "diagnosis.json"
RUN = "run.json"


def write_history(path: Path, history: History) -> None:
    """One row per epoch, one column per log."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["epoch", *history.columns])
        rows = zip(*history.columns.values(), strict=True)
        writer.writerows([epoch, *row] for epoch, row in enumerate(rows, 1))


def read_history(path: Path) -> History:
    """The history back from its file.

    Raises:
        InputError: a cell is no number.
    """
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    columns = {name: [row[k] for row in rows] for k, name in enumerate(header) if name != "epoch"}
    return History.from_dict({"columns": columns}, source=str(path))


def write_predictions(folder: Path, prediction: Prediction) -> None:
    """A PREDICTIONS folder with decoded segments; the scores are there already or are written too.

    Args:
        folder: made where it is missing.
        prediction: with ``y_true``, ``y_prob``, ``reference`` and decoded ``y_pred``.
    """
    assert prediction.y_true is not None
    assert prediction.y_prob is not None
    assert prediction.reference is not None
    for part in ("scores", "labels", "segments"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for k, name in enumerate(prediction.names):
        if not (folder / "scores" / f"{name}.npy").exists():
            np.save(folder / "scores" / f"{name}.npy", prediction.y_prob[k].astype(np.float32))
        np.save(folder / "labels" / f"{name}.npy", prediction.y_true[k].astype(np.int32))
        table = Segments.from_steps(prediction.y_pred[k], prediction.labels.background)
        CsvAnnotations().write(folder / "segments" / f"{name}.csv", rows_of([name], [table], prediction.labels))
    reference = rows_of(prediction.names, prediction.reference, prediction.labels)
    CsvAnnotations().write(folder / "annotations.csv", reference)
    write_json(folder / "splits.json", {role: list(names) for role, names in prediction.splits.items()})
    write_json(folder / "dataset.json", description(prediction))


def description(prediction: Prediction) -> dict[str, Any]:
    """What dataset.json says of predictions."""
    groups = prediction.groups or prediction.names
    return {
        "task": "segmentation",
        "sampling_rate_hz": prediction.sampling_rate_hz,
        "labels": list(prediction.labels.foreground_names),
        "background": prediction.labels.background,
        "groups": dict(zip(prediction.names, groups, strict=True)),
    }
