"""Labels of whole recordings and images, as one table."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import ClassVar

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.formats.label_studio_setup import KEYS, choices_setup, chosen_labels
from segmend.formats.label_studio_tasks import task_of, write_tasks
from segmend.pipeline.outputs.base import TASKS, Subject, Writer, is_heard, project_of
from segmend.pipeline.outputs.entries import Entry
from segmend.pipeline.runs.write_predictions import classes_of

HEAD = ("recording", "label", "probability")


class WholeWriter(Writer):
    """``recordings.csv``: a row for each label of each recording, one without a label where it has none."""

    serves: ClassVar[tuple[str, ...]] = ("csv", "label-studio")
    usual: ClassVar[tuple[str, ...]] = ("label-studio",)

    def __init__(self, folder: Path, subject: Subject, formats: tuple[str, ...]) -> None:
        super().__init__(folder, subject, formats)
        self.found: list[tuple[Entry, list[str]]] = []
        self.rows: list[tuple[str, str, str]] = []

    def add(self, entry: Entry, prediction: Prediction) -> str:
        """The labels of one recording."""
        assert prediction.y_prob is not None
        found, y_prob = classes_of(prediction.y_pred[0], prediction), np.asarray(prediction.y_prob[0])
        sure = [f"{y_prob[prediction.labels.number(name)]:.4f}" for name in found]
        self.found.append((entry, found))
        self.rows += [(entry.name, name, each) for name, each in zip(found, sure, strict=True)] or [
            (entry.name, "", "")
        ]
        return ", ".join(f"{name} ({each})" for name, each in zip(found, sure, strict=True)) or "no label"

    def close(self) -> None:
        """The table, and tasks for all recordings together."""
        with (self.folder / "recordings.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([HEAD, *self.rows])
        if "label-studio" not in self.formats:
            return
        several = self.subject.task.labels == "multilabel"
        project = project_of(self.subject, heard=all(is_heard(entry.path) for entry, _ in self.found))
        suffix = ".csv" if project.shown == "ts" else None
        tasks = [
            task_of(
                {KEYS[project.shown]: entry.file if suffix is None else f"{entry.name}{suffix}"},
                chosen_labels(project.shown, labels),
            )
            for entry, labels in self.found
        ]
        write_tasks(self.folder / TASKS, tasks)
        self.write_setup(choices_setup(project, self.subject.labels.foreground_names, several=several))
