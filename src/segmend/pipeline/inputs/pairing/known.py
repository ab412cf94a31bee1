"""The reference's side: step labels and tables, from a data set, from plain class numbers or from rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from segmend.core.dataset import Dataset
from segmend.core.labels import Labels
from segmend.core.rasterize import paint
from segmend.core.segments import Segments
from segmend.core.truth import truth
from segmend.core.types import IntArray
from segmend.errors import InputError
from segmend.formats.base import Annotations
from segmend.formats.csv_annotations import CsvAnnotations
from segmend.loading import refuse
from segmend.loading.annotations import read_annotations
from segmend.loading.description import Description, read_description
from segmend.loading.naming import choose_labels, overlapping_labels
from segmend.loading.step_folder import files_of, sound_tables
from segmend.loading.steps import read_labels, read_overlapping, read_scores, refuse_unknown
from segmend.loading.tables import steps_of
from segmend.pipeline.inputs.pairing.said import Said


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The reference: the label (or labels) of each step and, where there are tables, segments, by name of recording."""

    labels: Labels
    y_true: Mapping[str, IntArray]
    tables: Mapping[str, Segments] | None
    groups: Mapping[str, str]
    splits: Mapping[str, tuple[str, ...]]
    sampling_rate_hz: float | None
    multilabel: bool = False


def read_reference(
    path: Path,
    said: Said,
    data: Dataset | None,
    annotations: Path | str | None,
    labels: Sequence[str] | None,
    background: int | str | None,
) -> Known:
    """The reference at a path: ``data`` where it is a data set; ``said`` tells lengths where rows alone do not.

    Raises:
        InputError: it is no reference, or one that would falsify a number.
    """
    if data is not None:
        return _from_dataset(data)
    if path.is_file():
        return _from_rows(read_annotations(path), (), path.parent, said, labels, background)
    if annotations is not None:
        raise InputError(f"{path}: annotations go with a DATA folder (signals/). Received another reference")
    segments = files_of(path / "segments", ".csv")
    if segments and not (path / "labels").is_dir():
        return _from_rows(_one_table(segments), tuple(segments), path, said, labels, background)
    folder = path / "labels" if (path / "labels").is_dir() else path
    files = files_of(folder, ".npy")
    if not files:
        raise InputError(
            f"{path}: expected a DATA folder, labels/NAME.npy or an annotations.csv. Received none of them"
        )
    description = read_description(path)
    if multilabel := description.multilabel:
        known = overlapping_labels(description, None, labels)
        rows = {name: read_overlapping(file, len(known)) for name, file in files.items()}
    else:
        rows = {name: read_labels(file) for name, file in files.items()}
        known = _labels(description, rows.values(), said, labels, background)
        for name, row in rows.items():
            refuse_unknown(files[name], row, known)
    return Known(known, rows, None, description.groups, description.split, description.sampling_rate_hz, multilabel)


def _labels(
    description: Description,
    rows: Iterable[IntArray],
    said: Said,
    names: Sequence[str] | None,
    background: int | str | None,
) -> Labels:
    """The classes of plain class numbers, from dataset.json, the caller, the scores or the numbers themselves."""
    classes = next((read_scores(file).shape[1] for file in said.scores.values()), None)
    every = [*rows, *(read_labels(file) for file in said.labels.values())]
    return choose_labels(
        description, classes, max((int(r.max()) for r in every if r.size), default=0), names, background
    )


def _from_dataset(dataset: Dataset) -> Known:
    refuse(dataset, non_finite=False)
    tables = {r.name: r.segments for r in dataset.recordings if r.segments is not None}
    multilabel = dataset.task.labels == "multilabel"
    steps = {r.name: truth(r, dataset.task, dataset.labels) for r in dataset.recordings if r.name in tables}
    groups = {r.name: r.group for r in dataset.recordings}
    return Known(dataset.labels, steps, tables, groups, dataset.split, dataset.sampling_rate_hz, multilabel)


def _from_rows(
    rows: Annotations,
    names: Sequence[str],
    folder: Path,
    said: Said,
    labels: Sequence[str] | None,
    background: int | str | None,
) -> Known:
    """Rows alone do not tell how long recordings are: as long as their scores or labels, else up to the last end.

    Args:
        rows: of all recordings.
        names: recordings that may have no row.
        folder: where dataset.json may be.
        said: the prediction.
        labels: class names, or None.
        background: class number, None or "auto".
    """
    description = read_description(folder)
    named = labels if labels is not None else description.labels or sorted({label for label in rows.label if label})
    multilabel = description.multilabel
    if multilabel:
        known = overlapping_labels(description, None, named)
    else:
        known = choose_labels(Description(background=description.background), None, 0, named, background)
    lengths = _ends([rows, *_predicted_rows(said)], description.sampling_rate_hz)
    for name, file in said.labels.items():
        lengths[name] = len(read_overlapping(file, len(known)) if multilabel else read_labels(file))
    for name, file in said.scores.items():
        lengths[name] = len(read_scores(file, multilabel=multilabel))
    here = {name: lengths.get(name, 0) for name in dict.fromkeys([*rows.recording, *names])}
    rate = description.sampling_rate_hz
    tables = sound_tables(rows, here, known, rate, multilabel=multilabel)
    steps = {name: paint(table, here[name], known, multilabel=multilabel) for name, table in tables.items()}
    return Known(known, steps, tables, description.groups, description.split, rate, multilabel)


def _one_table(files: Mapping[str, Path]) -> Annotations:
    """The rows of a folder of tables, each with its file."""
    every = [CsvAnnotations().read(file) for file in files.values()]
    units = {rows.unit for rows in every}
    if len(units) > 1:
        raise InputError(
            f"{next(iter(files.values())).parent}: expected tables in one unit. Received steps and seconds"
        )
    return Annotations(
        recording=tuple(name for rows in every for name in rows.recording),
        start=np.concatenate([rows.start for rows in every]),
        end=np.concatenate([rows.end for rows in every]),
        label=tuple(label for rows in every for label in rows.label),
        line=np.concatenate([rows.line for rows in every]),
        unit=every[0].unit,
        source=every[0].source,
        files=tuple(rows.source for rows in every for _ in range(len(rows))),
    )


def _predicted_rows(said: Said) -> list[Annotations]:
    read = [CsvAnnotations().read(file) for file in said.segments.values()]
    return read if said.rows is None else [*read, said.rows]


def _ends(every: Sequence[Annotations], rate: float | None) -> dict[str, int]:
    last: dict[str, int] = {}
    for rows in every:
        _, stops = steps_of(rows, rate)
        for name, stop in zip(rows.recording, stops.tolist(), strict=True):
            last[name] = max(last.get(name, 0), stop)
    return last
