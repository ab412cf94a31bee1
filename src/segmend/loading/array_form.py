"""What the shape of ``y.npy`` says of the task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from segmend.core.labels import IGNORE
from segmend.core.types import BoolArray
from segmend.errors import InputError
from segmend.loading.steps import not_whole

Values = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Form:
    """Labels of equally long recordings, which stay in their file.

    Attributes:
        path: the file.
        values: one number for each step, shape (recordings, *spatial), or for each recording, (recordings,); one more
            axis where there is a number for each class.
        task: the name of the task that they answer.
        one_hot: whether the last axis tells the one class by a 1.
        lengths: steps of each recording that count; None where all do.
    """

    path: Path
    values: Values
    task: str
    one_hot: bool = False
    lengths: Sequence[int] | None = None

    @property
    def multilabel(self) -> bool:
        """Whether labels may overlap."""
        return self.task.startswith("multilabel-")

    def row(self, number: int) -> Values:
        """The numbers of one recording, without what lies beyond its end."""
        return self.values[number] if self.lengths is None else self.values[number, : self.lengths[number]]

    def refuse(self, wrong: Callable[[Values], BoolArray], expected: str) -> None:
        """Look through the rows and refuse the first wrong number.

        Raises:
            InputError: there is one; the message names its place.
        """
        for number in range(len(self.values)):
            values = np.asarray(self.row(number))
            found = np.argwhere(wrong(values))
            if len(found):
                place = tuple(found[0].tolist())
                raise InputError(
                    f"{self.path}: expected {expected}. Received {values[place]} in {self._place(number, place)}"
                )

    def _place(self, number: int, place: tuple[int, ...]) -> str:
        each = self.multilabel or self.one_hot
        inside = place[:-1] if each else place
        words = {0: "", 1: ", step {}", 2: ", pixel ({}, {})"}[len(inside)].format(*inside)
        return f"row {number}{words}" + (f", class {place[-1]}" if each else "")


def form_of(
    path: Path,
    values: Values,
    shape: tuple[int, ...],
    lengths: Sequence[int] | None = None,
    *,
    task: str | None = None,
    names: int | None = None,
) -> Form:
    """What labels are of, by their shape.

    Args:
        path: the file, for messages.
        values: its numbers.
        shape: (recordings, *spatial) of the signals.
        lengths: steps of each recording that count; None where all do.
        task: what dataset.json says. None leaves it to the shape: a number for each step or recording is one label; 0
            or 1 for each class is one label where each row holds exactly one 1, else several.
        names: how many class names were given: without ``task``, a row of several labels for a whole recording is told
            from a row of steps that is too short by having as many numbers.

    Raises:
        InputError: the shape fits no task or another one, or there are numbers that no class has.

    Examples:
        >>> form_of(Path("y.npy"), np.array([0, 1]), (2, 9)).task
        'classification'
        >>> form_of(Path("y.npy"), np.array([[1, 1], [0, 1]]), (2, 9), names=2).task
        'multilabel-classification'
        >>> form_of(Path("y.npy"), np.zeros((2, 9, 3), int), (2, 9)).task
        'multilabel-segmentation'
    """
    kinds = {"segmentation": shape, "classification": shape[:1]}
    kinds = {name: base for name, base in kinds.items() if task is None or task.endswith(name)}
    flat = values[..., 0] if values.ndim > 1 and values.shape[-1] == 1 else values
    for kind, base in kinds.items():
        dense = values if values.shape == base else flat
        if dense.shape == base and (task is None or task == kind):
            form = Form(path=path, values=dense, task=kind, lengths=lengths if len(base) > 1 else None)
            form.refuse(lambda v: not_whole(v) | (v < IGNORE), "class numbers, or -1 (not judged)")
            return form
    for kind, base in kinds.items():
        each = values[..., np.newaxis] if values.shape == base else values
        if each.shape[:-1] == base and each.shape[-1]:
            guessed = task is None and len(base) == 1 and names != each.shape[-1]
            if guessed and not _one_hot(each):
                break  # as likely a row of steps that is too short
            return _by_class(path, each, kind, lengths if len(base) > 1 else None, task)
    raise InputError(f"{path}: expected {_expected(kinds, task, values)}. Received {values.shape}")


def _one_hot(values: Values) -> bool:
    return bool(np.isin(values, (0, 1)).all() and (values.sum(axis=-1) == 1).all())


def _by_class(path: Path, values: Values, kind: str, lengths: Sequence[int] | None, task: str | None) -> Form:
    """A number for each class: one-hot, or several labels."""
    form = Form(path=path, values=values, task=f"multilabel-{kind}", lengths=lengths)
    held = (0, 1) if kind == "classification" else (IGNORE, 0, 1)
    form.refuse(lambda v: ~np.isin(v, held), f"one of {held} for each class")
    if task == form.task:
        return form
    ones = {int(total) for row in range(len(values)) for total in np.unique(np.asarray(form.row(row)).sum(axis=-1))}
    if ones == {1} or (task == kind and ones <= {0, 1}):
        return Form(path=path, values=values, task=kind, one_hot=True, lengths=lengths)
    if task is None:
        return form
    raise InputError(
        f'{path}: expected one label at a time, as dataset.json says "{task}". Received several '
        f'(which "multilabel-{kind}" holds)'
    )


def _expected(kinds: dict[str, tuple[int, ...]], task: str | None, values: Values) -> str:
    """The shapes that labels may have, and what else tells several labels of a whole recording."""
    shapes = [str(base) for base in kinds.values() if task is None or not task.startswith("multilabel-")]
    shapes += [f"({', '.join(map(str, base))}, classes)" for base in kinds.values() if task or len(base) > 1]
    expected = f"class numbers of shape {' or '.join(shapes)} as in X.npy"
    if task is not None or values.shape[:-1] != kinds["classification"] or not np.isin(values, (0, 1)).all():
        return expected
    rows, classes = values.shape
    return (
        f"{expected}, one 1 in each row of ({rows}, classes), or, where a recording has several of {classes} labels, "
        f'"task": "multilabel-classification" or {classes} "labels" in dataset.json'
    )
