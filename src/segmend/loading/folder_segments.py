"""Segments of the recordings of a folder, and whether there is a background."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from segmend.core.dataset import Problem
from segmend.core.labels import NOT_JUDGED, Labels
from segmend.core.segments import Segments
from segmend.formats.base import Annotations
from segmend.loading.marked import Marked
from segmend.loading.naming import background_among, numbered
from segmend.loading.tables import tables


def read_overlapping_segments(
    rows: Annotations | None, lengths: Mapping[str, int], names: Sequence[str], rate: float | None
) -> Marked:
    """One table per annotated recording; rows of different labels may overlap, and there is no background."""
    labels = Labels.of(names, None)
    if rows is None:
        return Marked(labels=labels)
    told, ignored, wrong = _apart(rows, lengths, names, rate)
    found, problems = tables(told, lengths, labels, rate, multilabel=True)
    whole = _with_empty(rows, lengths, found)
    return Marked(labels=labels, segments=whole, ignored=ignored, problems=(*problems, *wrong))


def read_segments(
    rows: Annotations | None,
    lengths: Mapping[str, int],
    names: Sequence[str],
    background: int | str | None,
    rate: float | None,
) -> Marked:
    """One table per annotated recording, and what is wrong with the rows.

    Args:
        rows: of the annotation file; None where there is none.
        lengths: steps by name of recording.
        names: class names without the background's.
        background: a class number, None, or "auto": None where the segments cover every step, else 0.
        rate: steps per second.

    Raises:
        InputError: rows in seconds without a sampling rate.
    """
    undecided = isinstance(background, str)
    chosen = background_among(names) if isinstance(background, str) else background
    labels = numbered(names, 0 if undecided and chosen is None else chosen)
    if rows is None:
        return Marked(labels=labels)
    told, ignored, wrong = _apart(rows, lengths, names, rate)
    found, problems = tables(told, lengths, labels, rate)
    if undecided and chosen is None and _cover_everything(found, ignored, lengths, set(rows.recording)):
        labels = Labels.of(names, None)
        found = {name: replace(table, label=table.label - 1) for name, table in found.items()}
    whole = _with_empty(rows, lengths, found)
    return Marked(labels=labels, segments=whole, ignored=ignored, problems=(*problems, *wrong))


def _apart(
    rows: Annotations, lengths: Mapping[str, int], names: Sequence[str], rate: float | None
) -> tuple[Annotations, dict[str, Segments], tuple[Problem, ...]]:
    """Rows of classes; stretches that are not judged, by name of recording; and what is wrong with those."""
    if NOT_JUDGED in names or NOT_JUDGED not in rows.label:
        return rows, {}, ()
    hidden = np.array([label == NOT_JUDGED for label in rows.label])
    apart, problems = tables(
        rows.take(np.flatnonzero(hidden)), lengths, Labels((NOT_JUDGED,), None), rate, multilabel=True
    )
    wrong = tuple(problem for problem in problems if problem.kind != "overlap")
    return rows.take(np.flatnonzero(~hidden)), {name: _joined(table) for name, table in apart.items()}, wrong


def _joined(table: Segments) -> Segments:
    """Stretches that overlap or meet, as one; sorted by start."""
    reached = np.maximum.accumulate(table.stop)
    first = np.concatenate(([True], table.start[1:] > reached[:-1]))
    last = np.append(np.flatnonzero(first)[1:], len(table)) - 1
    return Segments(table.start[first], reached[last], table.label[first])


def _with_empty(rows: Annotations, lengths: Mapping[str, int], found: dict[str, Segments]) -> dict[str, Segments]:
    """A table for every recording that has a row, be it one that is none of its segments."""
    return {name: found.get(name, Segments.empty()) for name in dict.fromkeys(rows.recording) if name in lengths}


def _cover_everything(
    found: Mapping[str, Segments], ignored: Mapping[str, Segments], lengths: Mapping[str, int], annotated: set[str]
) -> bool:
    """Whether every step of every annotated recording lies in a segment, or is not judged."""
    here = annotated & set(lengths)
    empty = Segments.empty()
    parts = {name: (found.get(name, empty), ignored.get(name, empty)) for name in here}
    return bool(here) and all(_covers(_all(*parts[name]), lengths[name]) for name in here)


def _all(one: Segments, other: Segments) -> Segments:
    columns = ((getattr(one, side), getattr(other, side)) for side in ("start", "stop", "label"))
    return Segments(*map(np.concatenate, columns)).sorted()


def _covers(table: Segments, steps: int) -> bool:
    reached = np.maximum.accumulate(table.stop)
    return bool(len(table) and table.start[0] == 0 and reached[-1] == steps and (table.start[1:] <= reached[:-1]).all())
