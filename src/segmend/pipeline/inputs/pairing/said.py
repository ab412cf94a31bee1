"""The prediction's side: which files there are, and the step labels, tables and scores in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from segmend.core.labels import IGNORE, Labels
from segmend.core.rasterize import rasterize
from segmend.core.segments import Segments
from segmend.core.types import FloatArray, IntArray
from segmend.errors import InputError
from segmend.formats.base import Annotations
from segmend.formats.csv_annotations import CsvAnnotations
from segmend.loading.predictions import sound_tables
from segmend.loading.steps import read_labels, read_scores, refuse_unknown

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
        return Said(path, {}, {}, {}, CsvAnnotations().read(path))
    inner = path / "predictions" if (path / "predictions").is_dir() else path
    found = [files_in(inner / folder, suffix) for folder, suffix in SHELVES]
    if not any(found):
        found[2] = files_in(path, ".npy")
    if not any(found):
        raise InputError(
            f"{path}: expected segments/NAME.csv, labels/NAME.npy, scores/NAME.npy or NAME.npy. Received none of them"
        )
    segments, scores, labels = found
    return Said(path, segments, scores, labels)


def files_in(folder: Path, suffix: str) -> dict[str, Path]:
    """Files with a suffix by the name before it; none where there is no such folder."""
    return {file.stem: file for file in sorted(folder.iterdir()) if file.suffix == suffix} if folder.is_dir() else {}


def tables_of(said: Said, lengths: dict[str, int], labels: Labels, rate: float | None) -> tuple[Segments, ...] | None:
    """Predicted segments, where they came as rows."""
    if said.rows is not None:
        return tuple(sound_tables(said.rows, lengths, labels, rate).values())
    if not said.segments:
        return None
    files = [(name, CsvAnnotations().read(said.segments[name])) for name in lengths]
    return tuple(sound_tables(rows, {name: lengths[name]}, labels, rate)[name] for name, rows in files)


def painted(path: Path, tables: tuple[Segments, ...], lengths: dict[str, int], labels: Labels) -> tuple[IntArray, ...]:
    """Class number of each step of the predicted tables.

    Raises:
        InputError: a step is in no segment, although the reference has no background.
    """
    every = []
    for (name, steps), table in zip(lengths.items(), tables, strict=True):
        row = rasterize(table, steps, labels.background)
        if labels.background is None and (row == IGNORE).any():
            raise InputError(
                f'{path}: recording "{name}": expected a segment at every step, since the reference has no background '
                f"(--background 0 gives it one). Received none at step {int(np.argmax(row == IGNORE))}"
            )
        every.append(row)
    return tuple(every)


def steps_of_files(said: Said, lengths: dict[str, int], labels: Labels) -> tuple[IntArray, ...]:
    """Predicted class numbers, the most probable where there are scores."""
    found = []
    for name, steps in lengths.items():
        file = said.scores[name] if said.scores else said.labels[name]
        row = np.argmax(read_scores(file), axis=1) if said.scores else read_labels(file)
        if len(row) != steps:
            raise InputError(f"{file}: expected {steps} steps as in the reference. Received {len(row)}")
        refuse_unknown(file, row, labels)
        found.append(row)
    return tuple(found)


def scores_of(said: Said, lengths: Mapping[str, int], classes: int) -> tuple[FloatArray, ...] | None:
    """Scores (steps, classes) of each recording, None where they are not all there.

    Raises:
        InputError: a shape does not fit the reference.
    """
    if not said.scores or not set(lengths) <= set(said.scores):
        return None
    every = []
    for name, steps in lengths.items():
        rows = read_scores(said.scores[name])
        if rows.shape != (steps, classes):
            raise InputError(f"{said.scores[name]}: expected shape {(steps, classes)}. Received {rows.shape}")
        every.append(rows)
    return tuple(every)
