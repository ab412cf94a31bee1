"""Tables of segments as rows of annotations."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np

from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.formats.base import Annotations


def rows_of(names: Sequence[str], tables: Iterable[Segments], labels: Labels) -> Annotations:
    """Segments of recordings as rows in steps, recording by recording.

    Args:
        names: of the recordings.
        tables: one for each of them.
        labels: class names.
    """
    tables = list(tables)
    start, stop, label = (
        np.concatenate([np.zeros(0, np.int64), *(getattr(table, key) for table in tables)])
        for key in ("start", "stop", "label")
    )
    return Annotations(
        recording=tuple(name for name, table in zip(names, tables, strict=True) for _ in range(len(table))),
        start=start,
        end=stop,
        label=tuple(labels.names[number] for number in label.tolist()),
        line=np.arange(len(start)) + 2,
        unit="steps",
        source="segments",
    )


def in_seconds(rows: Annotations, sampling_rate_hz: float | None) -> Annotations:
    """Rows in steps as rows in seconds; where the rate is not known, a step counts as a second."""
    rate = sampling_rate_hz or 1.0
    return dataclasses.replace(rows, start=rows.start / rate, end=rows.end / rate, unit="seconds")
