"""Rows of an annotation file as one table of segments per recording, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from segmend.core.dataset import Problem, ProblemKind
from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.core.types import BoolArray, IntArray
from segmend.errors import InputError
from segmend.formats.base import Annotations

FARTHEST = 2.0**53
"""Steps beyond it could not be told apart as seconds; any of them lies beyond the end of a recording."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Annotation rows as numbers, shape (rows,) each; -1 where a name is unknown.

    ``steps`` is the length of the row's recording, 0 where that is unknown.
    """

    recording: IntArray
    start: IntArray
    stop: IntArray
    label: IntArray
    steps: IntArray


def tables(
    annotations: Annotations,
    lengths: Mapping[str, int],
    labels: Labels,
    sampling_rate_hz: float | None = None,
    *,
    multilabel: bool = False,
) -> tuple[dict[str, Segments], tuple[Problem, ...]]:
    """Sort rows into one table per recording that has any, by start.

    Seconds become steps by rounding to the nearest step (halves to the even one); what would vanish keeps one step.
    Rows that name the background are no segments. Rows that name no known recording or label, or end before they start,
    are left out; rows that reach beyond the recording are cut to it; overlapping rows stay: each of these is a problem.

    Args:
        annotations: rows as they stand in the file.
        lengths: steps by name of recording.
        labels: class names.
        sampling_rate_hz: steps per second, needed where the rows are in seconds.
        multilabel: whether rows of different labels may overlap.

    Raises:
        InputError: rows in seconds without a sampling rate.
    """
    rows = _numbered(annotations, lengths, labels, sampling_rate_hz)
    here = rows.recording >= 0
    empty = here & (rows.start >= rows.stop)
    beyond = here & ~empty & ((rows.start < 0) | (rows.stop > rows.steps))
    unknown = here & (rows.label < 0)
    usable = here & ~empty & ~unknown & (rows.start < rows.steps) & (rows.stop > 0)
    if labels.background is not None:
        usable &= rows.label != labels.background
    found = _by_recording(annotations, rows, usable, lengths)
    overlap = _begin_too_soon(annotations, rows, usable, multilabel)
    problems = (
        *_unknown_recordings(annotations, ~here),
        *_empty(annotations, empty),
        *_beyond(annotations, beyond, rows),
        *_unknown_labels(annotations, unknown, labels),
        *_overlapping(annotations, overlap),
    )
    return found, problems


def _numbered(annotations: Annotations, lengths: Mapping[str, int], labels: Labels, rate: float | None) -> Rows:
    names = {name: number for number, name in enumerate(lengths)}
    classes = {name: number for number, name in enumerate(labels.names)}
    recording = np.array([names.get(name, -1) for name in annotations.recording], np.int64)
    start, stop = steps_of(annotations, rate)
    return Rows(
        recording=recording,
        start=start,
        stop=stop,
        label=np.array([classes.get(name, -1) for name in annotations.label], np.int64),
        steps=np.array([*lengths.values(), 0], np.int64)[recording],
    )


def _by_recording(
    annotations: Annotations, rows: Rows, usable: BoolArray, lengths: Mapping[str, int]
) -> dict[str, Segments]:
    """Tables cut to their recordings."""
    order = np.flatnonzero(usable)
    keys = (rows.label, annotations.end, annotations.start, rows.recording)
    order = order[np.lexsort([key[order] for key in keys])]
    edges = np.searchsorted(rows.recording[order], np.arange(len(lengths) + 1)).tolist()
    found: dict[str, Segments] = {}
    for (name, steps), first, last in zip(lengths.items(), edges[:-1], edges[1:], strict=True):
        index = order[first:last]
        if index.size:
            start, stop = np.clip(rows.start[index], 0, steps), np.clip(rows.stop[index], 0, steps)
            found[name] = Segments(start, stop, rows.label[index])
    return found


def _begin_too_soon(annotations: Annotations, rows: Rows, usable: BoolArray, multilabel: bool) -> BoolArray:
    """Rows that begin before an earlier one of their recording (and, multilabel, of their label) has ended.

    As the file has them: what only rounding to steps brought together is no fault of the file.
    """
    order = np.flatnonzero(usable)
    lane = rows.recording if not multilabel else rows.recording * (rows.label.max(initial=0) + 1) + rows.label
    order = order[np.lexsort([key[order] for key in (rows.label, annotations.end, annotations.start, lane)])]
    overlap = np.zeros(len(usable), bool)
    for index in np.split(order, np.flatnonzero(np.diff(lane[order])) + 1):
        overlap[index[1:]] = annotations.start[index[1:]] < np.maximum.accumulate(annotations.end[index])[:-1]
    return overlap


def steps_of(annotations: Annotations, sampling_rate_hz: float | None) -> tuple[IntArray, IntArray]:
    """Start and stop of each row in steps.

    Raises:
        InputError: rows in seconds without a sampling rate.
    """
    if annotations.unit == "steps":
        return annotations.start.astype(np.int64), annotations.end.astype(np.int64)
    if sampling_rate_hz is None:
        raise InputError(
            f"{annotations.source}: times are in seconds: expected sampling_rate_hz in dataset.json or in "
            "the signal files. Received neither"
        )
    start, stop = (
        np.rint(np.clip(seconds * sampling_rate_hz, -FARTHEST, FARTHEST)).astype(np.int64)
        for seconds in (annotations.start, annotations.end)
    )
    short = (annotations.start < annotations.end) & (stop <= start)
    return start, np.where(short, start + 1, stop)


def _problem(annotations: Annotations, kind: ProblemKind, row: int, message: str) -> Problem:
    return Problem(kind, annotations.recording[row], annotations.where(row), message, annotations.label[row] or None)


def _empty(annotations: Annotations, wrong: BoolArray) -> Iterator[Problem]:
    for row in np.flatnonzero(wrong).tolist():
        message = f"expected start < end. Received {annotations.start[row]} and {annotations.end[row]}"
        yield _problem(annotations, "empty-segment", row, message)


def _beyond(annotations: Annotations, wrong: BoolArray, rows: Rows) -> Iterator[Problem]:
    for row in np.flatnonzero(wrong).tolist():
        received = f"{rows.start[row]} to {rows.stop[row]}"
        message = f"expected steps from 0 to {rows.steps[row]}, the end of the recording. Received {received}"
        yield _problem(annotations, "beyond-end", row, message)


def _unknown_labels(annotations: Annotations, wrong: BoolArray, labels: Labels) -> Iterator[Problem]:
    known = ", ".join(labels.foreground_names)
    expected = f"a label among {known:.300}" if known else "a label that is no empty text, among those of dataset.json"
    for row in np.flatnonzero(wrong).tolist():
        message = f'expected {expected}. Received "{annotations.label[row]}"'
        yield _problem(annotations, "unknown-label", row, message)


def _overlapping(annotations: Annotations, wrong: BoolArray) -> Iterator[Problem]:
    for row in np.flatnonzero(wrong).tolist():
        received = f'{annotations.start[row]} to {annotations.end[row]} "{annotations.label[row]}"'
        message = f"expected one label at a time. Received {received}, which begins before an earlier segment has ended"
        yield _problem(annotations, "overlap", row, message)


def _unknown_recordings(annotations: Annotations, wrong: BoolArray) -> Iterator[Problem]:
    """One problem for each recording that is named but not there, at the first row that names it."""
    first: dict[str, int] = {}
    for row in np.flatnonzero(wrong).tolist():
        first.setdefault(annotations.recording[row], row)
    for name, row in first.items():
        message = f'expected a recording of the data set. Received "{name}"'
        yield _problem(annotations, "unknown-recording", row, message)
