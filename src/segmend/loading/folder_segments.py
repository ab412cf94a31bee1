"""Segments of the recordings of a folder, and whether there is a background."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from segmend.core.labels import Labels
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
    found, problems = tables(rows, lengths, labels, rate, multilabel=True)
    return Marked(labels=labels, segments=_with_empty(rows, lengths, found), problems=problems)


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
    found, problems = tables(rows, lengths, labels, rate)
    if undecided and chosen is None and _cover_everything(found, lengths, set(rows.recording)):
        labels = Labels.of(names, None)
        found = {name: replace(table, label=table.label - 1) for name, table in found.items()}
    return Marked(labels=labels, segments=_with_empty(rows, lengths, found), problems=problems)


def _with_empty(rows: Annotations, lengths: Mapping[str, int], found: dict[str, Segments]) -> dict[str, Segments]:
    """A table for every recording that has a row, be it one that is none of its segments."""
    return {name: found.get(name, Segments.empty()) for name in dict.fromkeys(rows.recording) if name in lengths}


def _cover_everything(found: Mapping[str, Segments], lengths: Mapping[str, int], annotated: set[str]) -> bool:
    """Whether every step of every annotated recording lies in a segment."""
    here = annotated & set(lengths)
    return bool(here) and all(name in found and _covers(found[name], lengths[name]) for name in here)


def _covers(table: Segments, steps: int) -> bool:
    reached = np.maximum.accumulate(table.stop)
    return bool(table.start[0] == 0 and reached[-1] == steps and (table.start[1:] <= reached[:-1]).all())
