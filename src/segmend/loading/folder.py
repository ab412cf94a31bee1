"""``signals/`` with annotations and dataset.json."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from segmend.core.dataset import Dataset, Problem
from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.errors import InputError
from segmend.formats.base import Annotations
from segmend.formats.csv_annotations import CsvAnnotations
from segmend.loading.annotations import read_annotations
from segmend.loading.description import Description, read_description
from segmend.loading.naming import background_among, numbered
from segmend.loading.signals import SignalFile, common_channels, common_rate, open_signals
from segmend.loading.tables import tables
from segmend.loading.wholes import Classes, classes_of_rows


def load_folder(
    folder: Path,
    *,
    annotations: Path | str | None,
    labels: Sequence[str] | None,
    background: int | str | None,
) -> Dataset:
    """Read a folder of signal files; ``load_dataset`` says how."""
    description = read_description(folder)
    rows = _read_annotations(folder, annotations)
    if annotations is not None and labels is None:
        description = _with_own_labels(description, rows)
    task = Task.named(description.task, len(description.labels or ()))
    files = open_signals(folder / "signals")
    lengths = {file.name: _steps(file) for file in files}
    refuse_unknown_names(description, lengths)
    rate = common_rate(files, description.sampling_rate_hz)
    names = _names(description, rows, labels)
    classes: Classes = {}
    found: dict[str, Segments] = {}
    problems: tuple[Problem, ...] = ()
    if task.kind == "classification":
        known, multilabel = Labels.of(names, None), task.labels == "multilabel"
        if rows is not None:
            classes, problems = classes_of_rows(rows, lengths, known, rate, multilabel=multilabel)
    elif task.labels == "multilabel":
        known = Labels.of(names, None)
        found, problems = ({}, ()) if rows is None else tables(rows, lengths, known, rate, multilabel=True)
    else:
        known, found, problems = _segments(rows, lengths, names, _background(description, background), rate)
    annotated = set(rows.recording) if rows is not None else set()
    segmented = task.kind == "segmentation"
    return Dataset(
        recordings=tuple(
            Recording(
                name=file.name,
                signal=file.signal.values,
                segments=found.get(file.name, Segments.empty()) if segmented and file.name in annotated else None,
                classes=None if segmented else _classes(classes, file.name, task, annotated),
                group=description.groups.get(file.name, file.name),
                source=file.path,
            )
            for file in files
        ),
        task=Task.named(description.task, len(known)),
        labels=known,
        channels=common_channels(files, description.channels),
        sampling_rate_hz=rate,
        split=description.split,
        problems=(*problems, *_not_annotated(lengths, annotated, rows)),
        path=folder,
    )


def _classes(classes: Classes, name: str, task: Task, annotated: set[str]) -> tuple[int, ...] | None:
    """A recording's classes; without a row it was not annotated, unless rows without a label say that it has none."""
    return classes.get(name, () if task.labels == "multilabel" and name in annotated else None)


def refuse_unknown_names(description: Description, known: dict[str, int]) -> None:
    """Refuse a split or groups that name recordings which are not there.

    Raises:
        InputError: naming the first of them.
    """
    parts = {f"split: {role}": names for role, names in description.split.items()}
    for where, names in {**parts, "groups": tuple(description.groups)}.items():
        unknown = [name for name in names if name not in known]
        if unknown:
            raise InputError(
                f'{description.path}: {where}: expected recordings that are there. Received "{unknown[0]}"'
                + (f" and {len(unknown) - 1} more" if len(unknown) > 1 else "")
            )


def _read_annotations(folder: Path, annotations: Path | str | None) -> Annotations | None:
    """The rows of what is given, else of annotations.csv or the files in annotations/, where there are any."""
    if annotations is not None:
        places = (Path(annotations), folder / annotations)
        return read_annotations(next((each for each in places if each.exists()), places[0]))
    table, files = folder / "annotations.csv", folder / "annotations"
    if table.exists():
        return CsvAnnotations().read(table)
    return read_annotations(files) if files.is_dir() else None


def _with_own_labels(description: Description, rows: Annotations | None) -> Description:
    """Where a file given by the caller shares no label with dataset.json, it is another question: its labels count."""
    own = {label for label in rows.label if label} if rows is not None else set()
    if not own or own & set(description.labels or ()):
        return description
    return replace(description, task="segmentation", labels=None, background="auto")


def _names(description: Description, rows: Annotations | None, labels: Sequence[str] | None) -> list[str]:
    if labels is not None:
        return [str(name) for name in labels]
    if description.labels is not None:
        return list(description.labels)
    return sorted({label for label in rows.label if label}) if rows is not None else []


def _background(description: Description, background: int | str | None) -> int | str | None:
    return description.background if background == "auto" else background


def _segments(
    rows: Annotations | None,
    lengths: dict[str, int],
    names: list[str],
    background: int | str | None,
    rate: float | None,
) -> tuple[Labels, dict[str, Segments], tuple[Problem, ...]]:
    """The classes, one table per annotated recording, and what is wrong with the rows."""
    undecided = isinstance(background, str)
    chosen = background_among(names) if isinstance(background, str) else background
    labels = numbered(names, 0 if undecided and chosen is None else chosen)
    if rows is None:
        return labels, {}, ()
    found, problems = tables(rows, lengths, labels, rate)
    if undecided and chosen is None and _cover_everything(found, lengths, set(rows.recording)):
        labels = Labels.of(names, None)
        found = {name: replace(table, label=table.label - 1) for name, table in found.items()}
    return labels, found, problems


def _cover_everything(found: dict[str, Segments], lengths: dict[str, int], annotated: set[str]) -> bool:
    """Whether every step of every annotated recording lies in a segment."""
    here = annotated & set(lengths)
    return bool(here) and all(name in found and _covers(found[name], lengths[name]) for name in here)


def _covers(table: Segments, steps: int) -> bool:
    reached = np.maximum.accumulate(table.stop)
    return bool(table.start[0] == 0 and reached[-1] == steps and (table.start[1:] <= reached[:-1]).all())


def _steps(file: SignalFile) -> int:
    steps = len(file.signal.values)
    if not steps or not file.signal.values.shape[1]:
        raise InputError(f"{file.path}: expected at least one step and channel. Received {file.signal.values.shape}")
    return steps


def _not_annotated(lengths: dict[str, int], annotated: set[str], rows: Annotations | None) -> list[Problem]:
    where = "annotations.csv" if rows is None else rows.source
    message = "expected annotations. Received none" if rows is None else "expected at least one row. Received none"
    return [Problem("not-annotated", name, where, message) for name in lengths if name not in annotated]
