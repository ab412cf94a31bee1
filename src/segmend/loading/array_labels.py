"""``y.npy``: what is true of the rows of ``X.npy``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from segmend.core.dataset import Problem
from segmend.core.labels import IGNORE, Labels
from segmend.core.regions import Regions
from segmend.core.segments import Segments
from segmend.core.types import IntArray
from segmend.errors import InputError
from segmend.formats.decoded import decoded
from segmend.formats.npy import read_array
from segmend.loading.array_form import Form, form_of
from segmend.loading.description import Description
from segmend.loading.naming import choose_labels, overlapping_labels


@dataclass(frozen=True, slots=True, eq=False)
class ArrayLabels:
    """What ``y.npy`` says.

    Attributes:
        form: its numbers and what they are of.
        labels: the classes.
        problems: names of classes that there are not.
    """

    form: Form
    labels: Labels
    problems: tuple[Problem, ...] = ()

    def marked(self, row: int) -> dict[str, Any]:
        """What people marked in one recording, as arguments of a ``Recording``."""
        form = self.form
        if form.task.endswith("classification"):
            return {"classes": self._classes(form.row(row))}
        if form.values.ndim - (form.multilabel or form.one_hot) > 2:
            shape = form.values.shape[1:-1] if form.one_hot else form.values.shape[1:]
            return {"regions": Regions(decoded(shape, np.int16, partial(_numbers, form, row)))}
        return _segments(form, row, self.labels.background)

    def _classes(self, row: Any) -> tuple[int, ...] | None:
        """Class numbers of one recording; None where it is not judged."""
        if self.form.multilabel or self.form.one_hot:
            held = tuple(np.flatnonzero(row).tolist())
            return held if held or self.form.multilabel else None
        return None if row == IGNORE else (int(row),)


def read_labels_of_rows(
    path: Path,
    shape: tuple[int, ...],
    lengths: Sequence[int] | None,
    description: Description,
    labels: Sequence[str] | None,
    background: int | str | None,
) -> ArrayLabels:
    """Read ``y.npy``: class numbers, or in classification names; ``form_of`` says which shapes it may have.

    Args:
        path: the file.
        shape: (recordings, *spatial) of the signals.
        lengths: steps of each recording that count; None where all do.
        description: dataset.json.
        labels: class names instead of those in dataset.json.
        background: a number, None, or "auto".

    Raises:
        InputError: the file cannot be read, or does not fit X.npy or dataset.json.
    """
    task = description.task if description.says_task else None
    given = labels if labels is not None else description.labels
    names = _names(path)
    if names is not None:
        return _of_names(path, names, shape, task, given)
    form = form_of(path, read_array(path), shape, lengths, task=task, names=None if given is None else len(given))
    if form.multilabel:
        return ArrayLabels(form, overlapping_labels(description, form.values.shape[-1], labels))
    highest = form.values.shape[-1] - 1 if form.one_hot else int(np.max(form.values, initial=0))
    if form.task == "segmentation":
        known = choose_labels(description, None, highest, labels, background)
    else:
        known = Labels.of([str(k) for k in range(highest + 1)] if given is None else given, None)
    if form.one_hot and form.values.shape[-1] != len(known):
        raise InputError(f"{path}: expected {len(known)} classes, {_listed(known)}. Received {form.values.shape[-1]}")
    expected = f"class numbers from 0 to {len(known) - 1} ({_listed(known)}), or -1 (not judged)"
    form.refuse(lambda v: v >= len(known), expected)
    return ArrayLabels(form, known)


def _listed(labels: Labels) -> str:
    return f"{', '.join(labels.names):.200}"


def _names(path: Path) -> npt.NDArray[np.str_] | None:
    """Class names where the file holds text; None where it holds anything else."""
    try:
        values = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError, OSError):
        return None  # as numbers it is opened again, and what is wrong is said then
    return np.asarray(values) if isinstance(values, np.ndarray) and values.dtype.kind == "U" else None


def _of_names(
    path: Path, names: npt.NDArray[np.str_], shape: tuple[int, ...], task: str | None, given: Sequence[str] | None
) -> ArrayLabels:
    """One class name for each recording; an empty one is not judged."""
    if names.shape not in (shape[:1], (*shape[:1], 1)) or task not in (None, "classification"):
        what = f"one class name for each of {shape[0]} recordings (classification)"
        raise InputError(f"{path}: expected {what}, or numbers. Received text of shape {names.shape}")
    every = [str(name).strip() for name in names.reshape(-1).tolist()]
    labels = Labels.of(sorted({name for name in every if name}) if given is None else given, None)
    numbers = {name: number for number, name in enumerate(labels.names)}
    problems = tuple(
        Problem(
            kind="unknown-label",
            recording=str(row),
            where=f"{path.name}, row {row}",
            message=f'expected a label among {_listed(labels)}. Received "{name}"',
            label=name,
        )
        for row, name in enumerate(every)
        if name and name not in numbers
    )
    values = np.array([numbers.get(name, IGNORE) for name in every], np.int64)
    return ArrayLabels(Form(path=path, values=values, task="classification"), labels, problems)


def _numbers(form: Form, row: int) -> IntArray:
    """Class numbers, or 0 and 1 for each class, of one recording; -1 is not judged."""
    values = np.asarray(form.row(row))
    if form.one_hot:
        values = np.where(values.sum(axis=-1) > 0, values.argmax(axis=-1), IGNORE)
    return values.astype(np.int16)


def _segments(form: Form, row: int, background: int | None) -> dict[str, Segments | None]:
    """The segments of a signal, and the stretches that are not judged: any label that is -1 hides its step."""
    values = _numbers(form, row)
    hidden = (values == IGNORE).any(axis=-1) if form.multilabel else values == IGNORE
    ignored = Segments.from_steps(hidden.astype(np.int64), 0) if hidden.any() else None
    values[hidden] = IGNORE
    if not form.multilabel:
        return {"segments": Segments.from_steps(values, background), "ignored": ignored}
    lanes = [Segments.from_steps(lane, 0) for lane in values.T]
    label = np.repeat(np.arange(len(lanes)), [len(lane) for lane in lanes])
    start, stop = (np.concatenate([getattr(lane, name) for lane in lanes]) for name in ("start", "stop"))
    return {"segments": Segments(start, stop, label).sorted(), "ignored": ignored}
