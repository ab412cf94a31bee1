"""Labels of whole recordings, from rows that cover them or that name nothing but a recording and its label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from segmend.core.dataset import Problem, ProblemKind
from segmend.core.labels import NOT_JUDGED, Labels
from segmend.core.types import BoolArray, IntArray
from segmend.formats.base import Annotations
from segmend.loading.marked import Marked
from segmend.loading.recordings_table import called, read_table
from segmend.loading.tables import steps_of

SPARE = 0.01
"""Share of a recording that rows may leave free at either end: times are rounded, and so are lengths."""


def read_names(path: Path, files: Iterable[Path]) -> Annotations:
    """The rows of a table of names and labels; what stands as their times means nothing.

    Args:
        path: the table.
        files: of the recordings, which may be called by their names.

    Raises:
        InputError: a row has too few or too many cells.
    """
    found = called(read_table(path), files)
    return Annotations(
        recording=tuple(recording for _, recording, _ in found),
        start=np.zeros(len(found), np.int64),
        end=np.zeros(len(found), np.int64),
        label=tuple(label for _, _, label in found),
        line=np.array([line for line, _, _ in found], np.int64),
        unit="steps",
        source=path.name,
    )


def read_classes(
    rows: Annotations, lengths: Mapping[str, int], names: Sequence[str], where: WholeRows, *, multilabel: bool
) -> Marked:
    """The classes of recordings.

    Where labels may overlap, a row without a label says that its recording has none; one of the label -1 is not judged.
    What is no class, covers a part of its recording only, or is a second label where there may be one, is a problem.

    Args:
        rows: one for each label of a recording, or several that together cover it.
        lengths: steps by name of recording.
        names: the classes.
        where: which steps the rows cover.
        multilabel: whether a recording may have several labels.
    """
    labels = Labels.of(names, None)
    numbers = {name: number for number, name in enumerate(labels.names)}
    problems = list(_unknown_recordings(rows, lengths))
    problems += [_problem(rows, kind, row, message) for kind, row, message in where.problems(rows, lengths)]
    classes: dict[str, list[int]] = {}
    for row, (recording, label) in enumerate(zip(rows.recording, rows.label, strict=True)):
        if recording not in lengths or (label == NOT_JUDGED and label not in numbers):
            continue
        held = classes.setdefault(recording, []) if label in numbers or (multilabel and not label) else None
        if held is None:
            message = f'expected a label among {", ".join(names):.300}. Received "{label}"'
            problems.append(_problem(rows, "unknown-label", row, message))
        elif not multilabel and held and held[0] != numbers[label]:
            message = f'expected one label for each recording. Received "{label}" beside "{labels.names[held[0]]}"'
            problems.append(_problem(rows, "overlap", row, message))
        elif label:
            held.append(numbers[label])
    found = {name: tuple(sorted(set(held))) for name, held in classes.items()}
    return Marked(labels=labels, classes=found, problems=tuple(problems))


class WholeRows:
    """Rows that name nothing but a recording and its label: they cover it."""

    def problems(self, rows: Annotations, lengths: Mapping[str, int]) -> Iterator[tuple[ProblemKind, int, str]]:
        """None."""
        yield from ()


class TimedRows(WholeRows):
    """Rows with times.

    Args:
        rate: steps per second, needed where they are in seconds.
    """

    def __init__(self, rate: float | None) -> None:
        self.rate = rate

    def problems(self, rows: Annotations, lengths: Mapping[str, int]) -> Iterator[tuple[ProblemKind, int, str]]:
        """What does not cover its recording: kind, row and message.

        Raises:
            InputError: rows in seconds without a sampling rate.
        """
        start, stop = steps_of(rows, self.rate)
        steps = np.array([lengths.get(name, 0) for name in rows.recording], np.int64)
        here = np.array([name in lengths for name in rows.recording], bool)
        empty = here & (start >= stop)
        spare = np.maximum(1, (steps * SPARE).astype(np.int64))
        beyond = here & ~empty & ((start < -spare) | (stop > steps + spare))
        for row in np.flatnonzero(empty).tolist():
            yield "empty-segment", row, f"expected start < end. Received {rows.start[row]} and {rows.end[row]}"
        for row in np.flatnonzero(beyond).tolist():
            message = f"expected steps from 0 to {steps[row]}, the end of the recording. Received "
            yield "beyond-end", row, f"{message}{start[row]} to {stop[row]}"
        for row in _parts(rows, start, stop, steps, here & ~empty & ~beyond).tolist():
            message = f"expected rows that cover the recording, steps 0 to {steps[row]} (classification). Received "
            yield "partial", row, f"{message}{start[row]} to {stop[row]}"


def _parts(rows: Annotations, start: IntArray, stop: IntArray, steps: IntArray, looked_at: BoolArray) -> IntArray:
    """The first row of each recording and label whose rows together leave more than a little free."""
    groups: dict[tuple[str, str], list[int]] = {}
    for row in np.flatnonzero(looked_at).tolist():
        groups.setdefault((rows.recording[row], rows.label[row]), []).append(row)
    found = []
    for index in groups.values():
        order = np.array(index)[np.argsort(start[index], kind="stable")]
        whole = steps[order[0]]
        spare = max(1, int(whole * SPARE))
        reached = np.maximum.accumulate(stop[order])
        edges = np.concatenate((start[order], [whole])) - np.concatenate(([0], reached))
        if (edges > spare).any():
            found.append(index[0])
    return np.array(found, np.int64)


def _unknown_recordings(rows: Annotations, lengths: Mapping[str, int]) -> Iterator[Problem]:
    """One problem for each recording that is named but not there, at the first row that names it."""
    first = {name: row for row, name in reversed(list(enumerate(rows.recording))) if name not in lengths}
    for name, row in sorted(first.items(), key=lambda item: item[1]):
        yield _problem(rows, "unknown-recording", row, f'expected a recording of the data set. Received "{name}"')


def _problem(rows: Annotations, kind: ProblemKind, row: int, message: str) -> Problem:
    return Problem(kind, rows.recording[row], rows.where(row), message, rows.label[row] or None)
