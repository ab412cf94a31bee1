"""Review lists on disk: a table, Audacity's label tracks, Label Studio's tasks, annotations without what is doubted."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from segmend.artifacts.review import Doubt, Review
from segmend.core.dataset import Dataset
from segmend.core.labels import NOT_JUDGED
from segmend.core.recording import Recording
from segmend.diagnosis.review import hidden
from segmend.formats.audacity import Audacity
from segmend.formats.base import Annotations
from segmend.formats.csv_annotations import CsvAnnotations
from segmend.formats.label_studio import LabelStudio

TABLE, TRACKS, TASKS, CLEANED = "review.csv", "audacity", "label_studio.json", "annotations.csv"
NAMES = ("recording", "label")
COLUMNS = ("rank", "kind", "recording", "start", "end", "start_s", "end_s", "label", "looks_like", "rare", "told")


def write(review: Review, folder: Path, *, rate: float | None = None, cleaned: Annotations | None = None) -> None:
    """Write the list into a folder; nothing where there are no places.

    Args:
        review: the places.
        folder: to be made.
        rate: steps per second of signals; without one there are no label tracks and no tasks.
        cleaned: the data set's annotations without what is doubted.
    """
    if not len(review):
        return
    folder.mkdir(parents=True, exist_ok=True)
    _write_table(review.places, folder / TABLE, rate)
    if cleaned is not None:
        _write_annotations(cleaned, folder / CLEANED)
    in_time = [place for place in review.places if isinstance(place.start, int) and isinstance(place.stop, int)]
    if rate is None or not in_time:
        return
    LabelStudio().write(folder / TASKS, _rows(in_time, rate))
    (folder / TRACKS).mkdir()
    by_recording: dict[str, list[Doubt]] = {}
    for place in in_time:
        by_recording.setdefault(_as_file(place.recording), []).append(place)
    for name, own in by_recording.items():
        Audacity().write(folder / TRACKS / f"{name}.txt", _rows(sorted(own, key=_begin), rate, one=name))


def cleaned(data: Dataset, review: Review) -> Annotations | None:
    """The annotations with what is doubted of training made "not judged" (-1); None where that is nothing.

    Of images in ``images/`` with a label each it is a table of names and labels. Class folders and ``X.npy`` with
    ``y.npy`` take no annotations, and data without a folder have none.

    Items of rare classes stay, for a class that has few cannot spare what a model has not learnt yet; and so does what
    judges a model, for only a person may say what is right there.

    Args:
        data: recordings with their roles; without roles all are for training.
        review: the places.
    """
    doubted = hidden(data, review)
    images = data.task.rank > 1
    if not doubted or data.path is None or not (data.path / ("images" if images else "signals")).is_dir():
        return None
    rows: list[tuple[str, int, int, str]] = []
    for each in data.recordings:
        rows += _marks(each, data, left_out=each.name in doubted and data.task.kind == "classification")
        rows += [(each.name, start, stop, NOT_JUDGED) for start, stop in doubted.get(each.name, ())]
    recording, start, end, label = zip(*rows, strict=True)
    rate = data.sampling_rate_hz  # a model may take another rate than the files have, and seconds hold for both
    ends = [np.array(column, np.int64) * (not images) for column in (start, end)]
    return Annotations(
        recording=recording,
        start=ends[0] if rate is None else ends[0] / rate,
        end=ends[1] if rate is None else ends[1] / rate,
        label=label,
        line=np.arange(2, len(rows) + 2),
        unit="steps" if rate is None else "seconds",
        source=CLEANED,
    )


def _write_annotations(rows: Annotations, path: Path) -> None:
    """Rows with their times; where none has any, names and labels alone."""
    if rows.end.any():
        CsvAnnotations().write(path, rows)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(NAMES)
        writer.writerows(zip(rows.recording, rows.label, strict=True))


def _marks(recording: Recording, data: Dataset, *, left_out: bool) -> list[tuple[str, int, int, str]]:
    """The rows of a recording as they were; that nothing is in it is said by the background."""
    name, names = recording.name, data.labels.names
    if not recording.annotated or left_out:
        return []
    if recording.classes is not None:
        return [(name, 0, recording.steps, names[number]) for number in recording.classes]
    table = recording.segments
    rows = [] if table is None else [(name, start, stop, names[label]) for start, stop, label in table.rows()]
    rows += [] if recording.ignored is None else [(name, a, b, NOT_JUDGED) for a, b, _ in recording.ignored.rows()]
    if not rows and data.labels.background is not None:
        return [(name, 0, recording.steps, names[data.labels.background])]
    return rows


def _write_table(places: Sequence[Doubt], path: Path, rate: float | None) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for rank, place in enumerate(places, 1):
            ends = [_cell(place.start), _cell(place.stop)]
            times = [_time(place.start, rate), _time(place.stop, rate)]
            told = [place.label, place.looks_like or "", "yes" if place.rare else "no", place.told]
            writer.writerow([rank, place.kind, place.recording, *ends, *times, *told])


def _cell(end: int | tuple[int, ...] | None) -> str:
    """A step, or row and column of an image.

    >>> _cell(3), _cell((3, 4)), _cell(None)
    ('3', '3 4', '')
    """
    return "" if end is None else " ".join(map(str, end)) if isinstance(end, tuple) else str(end)


def _time(end: int | tuple[int, ...] | None, rate: float | None) -> str:
    return f"{end / rate:.4f}" if rate and isinstance(end, int) else ""


def _begin(place: Doubt) -> int:
    return place.start if isinstance(place.start, int) else 0


def _rows(places: Sequence[Doubt], rate: float, one: str | None = None) -> Annotations:
    """Places as rows in seconds; ``one`` names their recording otherwise."""
    ends = np.array([[place.start, place.stop] for place in places], float) / rate
    return Annotations(
        recording=tuple(one or place.recording for place in places),
        start=ends[:, 0],
        end=ends[:, 1],
        label=tuple(f"{place.kind}: {place.told}" for place in places),
        line=np.arange(1, len(places) + 1),
        unit="seconds",
        source=TABLE,
    )


def _as_file(name: str) -> str:
    """A recording's name as the name of a file."""
    return name.replace("/", "_").replace("\\", "_")
