"""What a RUN folder holds, and how it is written."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from segmend.artifacts.history import History
from segmend.core.task import Task

PLAN, FINGERPRINT, MODEL, DECODER = "plan.toml", "fingerprint.json", "model.keras", "decoder.json"
HISTORY, PREDICTIONS, SCORES, DIAGNOSIS = "history.csv", "predictions", "scores.json", "diagnosis.json"
RUN = "run.json"


def copy_parts(run: Path, folder: Path, names: Sequence[str]) -> None:
    """Copy the named files of a RUN, as many as it has."""
    for name in names:
        if (run / name).is_file():
            shutil.copyfile(run / name, folder / name)


def task_of(about: Mapping[str, Any], classes: int) -> Task:
    """The task that run.json tells; where it does not, segmentation of signals."""
    told = about.get("task")
    return Task(**told) if told else Task.named("segmentation", classes)


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
