"""The prediction's side: which files there are, and the step labels, tables and scores in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from segmend.core.labels import IGNORE, Labels
from segmend.core.rasterize import paint
from segmend.core.segments import Segments
from segmend.core.types import FloatArray, IntArray
from segmend.core.undecoded import undecoded
from segmend.errors import InputError
from segmend.formats.base import Annotations
from segmend.formats.csv_annotations import CsvAnnotations
from segmend.loading.annotations import read_annotations
from segmend.loading.step_folder import files_of, sound_tables
from segmend.loading.steps import read_labels, read_overlapping, read_scores, refuse_unknown

SHELVES = (("segments", ".csv"), ("scores", ".npy"), ("labels", ".npy"))
"""Where predictions are looked for, in this order: beside scores, labels are what is true."""


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """Files of a prediction by name of recording; ``rows`` where one file holds all recordings."""

    path: Path
    segments: Mapping[str, Path]
    scores: Mapping[str, Path]
    labels: Mapping[str, Path]
    rows: Annotations | None = None

    def names(self) -> tuple[str, ...] | None:
        """Names of the predicted recordings, None where any may be without a row."""
        if self.rows is not None:
            return None
        return tuple(sorted(self.segments or self.scores or self.labels))


def find(path: Path) -> Said:
    """The files of a prediction at a path.

    Raises:
        InputError: there are none.
    """
    if path.is_file():
        return Said(path, {}, {}, {}, read_annotations(path))
    inner = path / "predictions" if (path / "predictions").is_dir() else path
    found = [files_of(inner / folder, suffix) for folder, suffix in SHELVES]
    if not any(found):
        found[2] = files_of(path, ".npy")
    if not any(found):
        raise InputError(
            f"{path}: expected segments/NAME.csv, labels/NAME.npy, scores/NAME.npy or NAME.npy. Received none of them"
        )
    segments, scores, labels = found
    return Said(path, segments, scores, labels)


def tables_of(
    said: Said, lengths: dict[str, int], labels: Labels, rate: float | None, *, multilabel: bool
) -> tuple[Segments, ...] | None:
    """Predicted segments, where they came as rows."""

    def read(rows: Annotations, lengths: dict[str, int]) -> tuple[Segments, ...]:
        return tuple(sound_tables(rows, lengths, labels, rate, multilabel=multilabel).values())

    if said.rows is not None:
        return read(said.rows, lengths)
    if not said.segments:
        return None
    files = [(name, CsvAnnotations().read(said.segments[name])) for name in lengths]
    return tuple(read(rows, {name: lengths[name]})[0] for name, rows in files)


def painted(
    path: Path, tables: tuple[Segments, ...], lengths: dict[str, int], labels: Labels, *, multilabel: bool
) -> tuple[IntArray, ...]:
    """The steps of the predicted tables.

    Raises:
        InputError: a step is in no segment, although each step of the reference has a label.
    """
    every = []
    for (name, steps), table in zip(lengths.items(), tables, strict=True):
        row = paint(table, steps, labels, multilabel=multilabel)
        if (row == IGNORE).any():
            raise InputError(
                f'{path}: recording "{name}": expected a segment at every step, since the reference has no background '
                f"(--background 0 gives it one). Received none at step {int(np.argmax(row == IGNORE))}"
            )
        every.append(row)
    return tuple(every)


def steps_of_files(said: Said, lengths: dict[str, int], labels: Labels, *, multilabel: bool) -> tuple[IntArray, ...]:
    """Predicted steps, what is most probable where there are scores."""
    found = []
    for name, steps in lengths.items():
        file = said.scores[name] if said.scores else said.labels[name]
        if said.scores:
            row = undecoded(read_scores(file, multilabel=multilabel), multilabel=multilabel)
        else:
            row = read_overlapping(file, len(labels)) if multilabel else read_labels(file)
        if len(row) != steps:
            raise InputError(f"{file}: expected {steps} steps as in the reference. Received {len(row)}")
        if not multilabel:
            refuse_unknown(file, row, labels)
        found.append(row)
    return tuple(found)


def scores_of(
    said: Said, lengths: Mapping[str, int], classes: int, *, multilabel: bool
) -> tuple[FloatArray, ...] | None:
    """Scores (steps, classes) of each recording, None where they are not all there.

    Raises:
        InputError: a shape does not fit the reference.
    """
    if not said.scores or not set(lengths) <= set(said.scores):
        return None
    every = []
    for name, steps in lengths.items():
        rows = read_scores(said.scores[name], multilabel=multilabel)
        if rows.shape != (steps, classes):
            raise InputError(f"{said.scores[name]}: expected shape {(steps, classes)}. Received {rows.shape}")
        every.append(rows)
    return tuple(every)
