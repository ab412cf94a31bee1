"""``signals/`` with annotations and dataset.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from segmend.core.dataset import Dataset, Problem
from segmend.core.labels import NOT_JUDGED, Labels
from segmend.core.recording import Recording
from segmend.core.task import Task
from segmend.errors import InputError
from segmend.formats.base import Annotations
from segmend.formats.csv_annotations import CsvAnnotations
from segmend.loading.alike import Alike, alike
from segmend.loading.annotations import read_annotations
from segmend.loading.description import Description, read_description
from segmend.loading.folder_segments import read_overlapping_segments, read_segments
from segmend.loading.marked import Marked
from segmend.loading.naming import found_names
from segmend.loading.recording_labels import TimedRows, WholeRows, read_classes, read_names
from segmend.loading.recordings_table import names_only, several_labels
from segmend.loading.signals import SignalFile, open_signals


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """Annotation rows, and whether they have times."""

    rows: Annotations | None
    timed: bool = True


def load_folder(
    folder: Path,
    *,
    annotations: Path | str | None,
    labels: Sequence[str] | None,
    background: int | str | None,
) -> Dataset:
    """Read a folder of signal files; ``load_dataset`` says how."""
    description = read_description(folder)
    opened = open_signals(folder / "signals")
    refuse_unknown_names(description, {file.name: _steps(file) for file in opened})
    found = alike(opened, description.channels, description.sampling_rate_hz)
    rate, lengths = found.sampling_rate_hz, {file.name: _steps(file) for file in found.files}
    read = _read_annotations(folder, annotations, description, found)
    if annotations is not None and labels is None:
        description = _with_own_labels(description, read, lengths, rate)
    elif not read.timed and read.rows is not None and not description.says_task:
        description = replace(description, task=_whole_task(read.rows))
    marked = _marked(read, lengths, description, labels, background, rate)
    return Dataset(
        recordings=tuple(
            Recording(
                name=file.name,
                signal=file.signal.values,
                segments=marked.segments.get(file.name),
                ignored=marked.ignored.get(file.name),
                classes=marked.classes.get(file.name),
                group=description.groups.get(file.name, file.name),
                source=file.path,
            )
            for file in found.files
        ),
        task=Task.named(description.task, len(marked.labels)),
        labels=marked.labels,
        channels=found.channels,
        sampling_rate_hz=rate,
        split=description.split,
        problems=(*marked.problems, *_not_annotated(lengths, read.rows)),
        notes=found.notes,
        path=folder,
    )


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


def _read_annotations(
    folder: Path, annotations: Path | str | None, description: Description, recordings: Alike
) -> Read:
    """The rows of what is given, else of annotations.csv or the files in annotations/, where there are any."""
    table, files = folder / "annotations.csv", folder / "annotations"
    path = table if table.exists() else files
    if annotations is not None:
        places = (Path(annotations), folder / annotations)
        path = next((each for each in places if each.exists()), places[0])
    elif not path.exists():
        return Read(None)
    if (not description.says_task or description.task.endswith("classification")) and names_only(path):
        return Read(read_names(path, [file.path for file in recordings.files]), timed=False)
    return Read(recordings.in_seconds(CsvAnnotations().read(path) if path == table else read_annotations(path)))


def _with_own_labels(
    description: Description, read: Read, lengths: Mapping[str, int], rate: float | None
) -> Description:
    """Where a file given by the caller shares no label with dataset.json, it is another question: its labels count.

    Labels of whole recordings ask for classification, others for segmentation; where dataset.json speaks of several
    labels at a time, labels of the file that overlap do so too.
    """
    rows = read.rows
    own = {label for label in rows.label if label not in ("", NOT_JUDGED)} if rows is not None else set()
    if rows is None or not own or own & set(description.labels or ()):
        return description
    fresh = replace(description, labels=None, background="auto")
    if not read.timed:
        return replace(fresh, task=_whole_task(rows))
    if description.task.endswith("classification") and not list(TimedRows(rate).problems(rows, lengths)):
        return replace(fresh, task=_whole_task(rows))
    alone = read_segments(rows, lengths, sorted(own), 0, rate)
    overlapping = any(problem.kind == "overlap" for problem in alone.problems)
    several = overlapping and description.multilabel
    return replace(fresh, task="multilabel-segmentation" if several else "segmentation")


def _whole_task(rows: Annotations) -> str:
    return (
        "multilabel-classification"
        if several_labels(zip(rows.line.tolist(), rows.recording, rows.label, strict=True))
        else "classification"
    )


def _marked(
    read: Read,
    lengths: Mapping[str, int],
    description: Description,
    labels: Sequence[str] | None,
    background: int | str | None,
    rate: float | None,
) -> Marked:
    """What people marked in the recordings, in the way that the task needs."""
    rows, names = read.rows, _names(description, read.rows, labels)
    multilabel = description.multilabel
    if description.task.endswith("classification"):
        covered = TimedRows(rate) if read.timed else WholeRows()
        none = Marked(labels=Labels.of(names, None))
        return none if rows is None else read_classes(rows, lengths, names, covered, multilabel=multilabel)
    if multilabel:
        return read_overlapping_segments(rows, lengths, names, rate)
    return read_segments(rows, lengths, names, description.background if background == "auto" else background, rate)


def _names(description: Description, rows: Annotations | None, labels: Sequence[str] | None) -> list[str]:
    if labels is not None:
        return [str(name) for name in labels]
    if description.labels is not None:
        return list(description.labels)
    found = [label for label in rows.label if label != NOT_JUDGED] if rows is not None else []
    return found_names(found) if description.task == "segmentation" else sorted({label for label in found if label})


def _steps(file: SignalFile) -> int:
    steps = len(file.signal.values)
    if not steps or not file.signal.values.shape[1]:
        raise InputError(f"{file.path}: expected at least one step and channel. Received {file.signal.values.shape}")
    return steps


def _not_annotated(lengths: Mapping[str, int], rows: Annotations | None) -> list[Problem]:
    """One problem for each recording without a row."""
    named = set(rows.recording) if rows is not None else set()
    where = "annotations.csv" if rows is None else rows.source
    message = "expected annotations. Received none" if rows is None else "expected at least one row. Received none"
    return [Problem("not-annotated", name, where, message) for name in lengths if name not in named]
