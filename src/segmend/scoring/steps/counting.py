"""Judged steps counted by reference and predicted class, in memory that does not grow with the steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from segmend.core.labels import IGNORE, Labels
from segmend.core.types import BoolArray, IntArray
from segmend.errors import InputError
from segmend.scoring.readings import Counts

CHUNK = 2**18
"""Steps that are counted at a time: their codes stay in the processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class StepTally:
    """Steps of each recording; class axes run over all of ``labels``.

    Attributes:
        labels: class names and the background.
        confusion: judged steps by reference and predicted class, shape (recordings, classes, classes); None for
            multilabel steps, where a step has no one class.
        tables: each class against the rest, each shape (recordings, classes).
        right: steps whose label, or whole set of labels, is right, shape (recordings,).
        judged: steps that count, shape (recordings,).
    """

    labels: Labels
    confusion: IntArray | None
    tables: Counts
    right: IntArray
    judged: IntArray

    def __len__(self) -> int:
        return int(self.judged.size)

    def take(self, index: IntArray | BoolArray) -> StepTally:
        """The recordings of an index, which may repeat them, or of a mask."""
        return StepTally(
            self.labels,
            None if self.confusion is None else self.confusion[index],
            Counts(*(column[index] for column in self.tables)),
            self.right[index],
            self.judged[index],
        )

    def pooled(self) -> Counts:
        """Each class against the rest, summed over recordings, each shape (classes,)."""
        return Counts(*(column.sum(axis=0) for column in self.tables))

    def table(self) -> IntArray:
        """The confusion matrix summed over recordings, shape (classes, classes).

        Raises:
            InputError: the steps are multilabel.
        """
        if self.confusion is None:
            raise InputError("confusion: expected one label per step. Received multilabel steps")
        return self.confusion.sum(axis=0)


def count_steps(
    y_true: Sequence[IntArray], y_pred: Sequence[IntArray], labels: Labels, *, multilabel: bool = False
) -> StepTally:
    """Count the steps of recordings of any rank, in one pass over chunks of them.

    Args:
        y_true: class number of each step, shape (*spatial) per recording (a number for a whole recording's label), -1
            where it is not judged; multilabel: 0 or 1 for each class, shape (*spatial, classes), -1 throughout where
            the step is not judged.
        y_pred: the same for the prediction; what it holds where ``y_true`` is not judged does not matter.
        labels: class names; their number is that of the classes.
        multilabel: whether a step may carry several labels.

    Raises:
        InputError: shapes differ, or a number is no class.

    Examples:
        >>> counted = count_steps([np.array([0, 1, 1, -1])], [np.array([0, 0, 1, 1])], Labels.numbered(2))
        >>> counted.confusion.tolist(), counted.right, counted.judged
        ([[[1, 0], [1, 1]]], array([2]), array([3]))
    """
    _check_shapes(y_true, y_pred, len(labels), multilabel)
    if multilabel:
        return _multilabel(y_true, y_pred, labels)
    classes = len(labels)
    confusion = np.zeros((len(y_true), classes, classes), np.int64)
    for k, (true, pred) in enumerate(zip(y_true, y_pred, strict=True)):
        for begin, part_true, part_pred in _chunks(np.ravel(true), np.ravel(pred)):
            confusion[k] += _confusion(part_true, part_pred, classes, f"[{k}]", begin)
    tp = np.einsum("rcc->rc", confusion)
    judged = confusion.sum(axis=(1, 2))
    fp, fn = confusion.sum(axis=1) - tp, confusion.sum(axis=2) - tp
    tables = Counts(tp.copy(), fp, fn, judged[:, None] - tp - fp - fn)
    return StepTally(labels, confusion, tables, tp.sum(axis=1), judged)


def _confusion(true: IntArray, pred: IntArray, classes: int, where: str, begin: int) -> IntArray:
    """The table of one chunk.

    Each side is moved up by one and each pair is one code, so that what is not judged falls into the first row.
    """
    _within(true, IGNORE, classes, f"y_true{where}", begin)
    lowest = int(pred.min())
    if lowest < 0:
        _within(pred[true != IGNORE], 0, classes, f"y_pred{where}", begin)
        pred = np.maximum(pred, 0)
    if int(pred.max()) >= classes:
        _within(pred[true != IGNORE], 0, classes, f"y_pred{where}", begin)
        pred = np.minimum(pred, classes - 1)
    narrow = np.int16 if (classes + 1) * classes < 2**15 else np.int64
    code: IntArray = true.astype(narrow)
    code += 1
    code *= narrow(classes)
    code += pred.astype(narrow, copy=False)
    counted = np.bincount(code, minlength=(classes + 1) * classes)
    return counted.reshape(classes + 1, classes)[1:]


def _multilabel(y_true: Sequence[IntArray], y_pred: Sequence[IntArray], labels: Labels) -> StepTally:
    classes = len(labels)
    sums = np.zeros((4, len(y_true), classes), np.int64)
    right, judged = np.zeros(len(y_true), np.int64), np.zeros(len(y_true), np.int64)
    for k, (true, pred) in enumerate(zip(y_true, y_pred, strict=True)):
        rows = (np.reshape(side, (-1, classes)) for side in (true, pred))
        for begin, part_true, part_pred in _chunks(*rows):
            keep = np.all(part_true != IGNORE, axis=1)
            there, said = part_true[keep], part_pred[keep]
            _within(there, 0, 2, f"y_true[{k}]", begin)
            _within(said, 0, 2, f"y_pred[{k}]", begin)
            there, said = there.astype(bool), said.astype(bool)
            tp = np.count_nonzero(there & said, axis=0)
            both = np.count_nonzero(there, axis=0), np.count_nonzero(said, axis=0)
            sums[:, k] += np.stack([tp, both[1] - tp, both[0] - tp, len(there) - both[0] - both[1] + tp])
            right[k] += np.count_nonzero(np.all(there == said, axis=1))
            judged[k] += len(there)
    return StepTally(labels, None, Counts(*sums), right, judged)


def _chunks(true: IntArray, pred: IntArray) -> Iterator[tuple[int, IntArray, IntArray]]:
    for begin in range(0, len(true), CHUNK):
        part = slice(begin, begin + CHUNK)
        yield begin, true[part], pred[part]


def _check_shapes(y_true: Sequence[IntArray], y_pred: Sequence[IntArray], classes: int, multilabel: bool) -> None:
    if len(y_true) != len(y_pred):
        raise InputError(f"y_pred: expected {len(y_true)} recordings as in y_true. Received {len(y_pred)}")
    for k, (true, pred) in enumerate(zip(y_true, y_pred, strict=True)):
        shape = np.shape(true)
        if shape != np.shape(pred):
            raise InputError(f"y_pred[{k}]: expected shape {shape} as of y_true[{k}]. Received {np.shape(pred)}")
        if multilabel and (not shape or shape[-1] != classes):
            raise InputError(f"y_true[{k}]: expected a last axis of {classes} classes. Received shape {shape}")


def _within(values: IntArray, lowest: int, end: int, name: str, begin: int) -> None:
    if not values.size:
        return
    low, high = int(values.min()), int(values.max())
    if low < lowest or high >= end:
        also = ", or -1 (not judged)" if lowest == IGNORE else ""
        raise InputError(
            f"{name}: expected numbers from 0 to {end - 1}{also}. Received {low if low < lowest else high} "
            f"after step {begin}"
        )
