"""Segments of signals, as tables and as tracks to correct."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.segments import Segments
from segmend.formats.audacity import Audacity
from segmend.formats.csv_annotations import CsvAnnotations
from segmend.formats.label_studio import LabelStudio
from segmend.formats.label_studio_setup import regions_setup
from segmend.pipeline.outputs.base import TASKS, Subject, Writer, is_heard, project_of, subfolder, told
from segmend.pipeline.outputs.entries import Entry
from segmend.pipeline.runs.rows import in_seconds, rows_of
from segmend.pipeline.runs.write_predictions import segments_of


class SignalWriter(Writer):
    """``segments/NAME.csv``, and on request ``segments/NAME.txt`` (Audacity) and tasks of Label Studio."""

    serves: ClassVar[tuple[str, ...]] = ("csv", "audacity", "label-studio")
    usual: ClassVar[tuple[str, ...]] = ("audacity",)

    def __init__(self, folder: Path, subject: Subject, formats: tuple[str, ...]) -> None:
        super().__init__(folder, subject, formats)
        self.place = subfolder(folder, "segments")
        self.entries: list[Entry] = []
        self.tables: list[Segments] = []

    def add(self, entry: Entry, prediction: Prediction) -> str:
        """The segments of one signal."""
        table, labels = segments_of(prediction.y_pred[0], prediction), self.subject.labels
        rows = rows_of([entry.name], [table], labels)
        CsvAnnotations().write(self.place / f"{entry.name}.csv", rows)
        if "audacity" in self.formats:
            Audacity().write(self.place / f"{entry.name}.txt", in_seconds(rows, self.subject.sampling_rate_hz))
        if "label-studio" in self.formats:
            self.tables.append(table)
        self.entries.append(entry)
        number = np.bincount(table.label, minlength=len(labels)).tolist()
        return told({labels.names[k]: number[k] for k in labels.foreground}, "segment")

    def close(self) -> None:
        """Tasks for all signals together."""
        if "label-studio" not in self.formats:
            return
        labels, names = self.subject.labels, [entry.name for entry in self.entries]
        rows = in_seconds(rows_of(names, self.tables, labels), self.subject.sampling_rate_hz)
        heard = all(is_heard(entry.path) for entry in self.entries)
        LabelStudio("labels" if heard else "timeserieslabels", names).write(self.folder / TASKS, rows)
        self.write_setup(regions_setup(project_of(self.subject, heard=heard), labels.foreground_names))
