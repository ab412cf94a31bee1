"""Labels that may overlap, counted as one layer for each class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from segmend.core.labels import IGNORE, Labels
from segmend.core.segments import Segments
from segmend.core.types import IntArray
from segmend.scoring.steps import count_steps
from segmend.scoring.tallies import IOU_THRESHOLDS, Tally, tally


def tally_layers(
    y_true: Sequence[IntArray],
    y_pred: Sequence[IntArray],
    labels: Labels,
    *,
    reference: Sequence[Segments] | None = None,
    iou_thresholds: Iterable[int] = IOU_THRESHOLDS,
) -> Tally:
    """Count steps and segments of each recording and class where labels may overlap, in linear time.

    A class's segments are the runs of its own 1s, whatever the other classes do; ``step.right`` counts steps whose
    whole set of labels is right.

    Args:
        y_true: 0 or 1 for each class, ``(steps, classes)`` per recording; a step is not judged where any is -1.
        y_pred: the same for the prediction.
        labels: class names, one for each column.
        reference: reference segments as tables, where touching items of one class are to stay apart.
        iou_thresholds: per cent of IoU, from 1 to 100; 50 is added.

    Raises:
        InputError: recordings, shapes or values do not fit.

    Examples:
        >>> true, said = np.array([[1, 0], [1, 1], [0, 1]]), np.array([[1, 0], [0, 1], [1, 1]])
        >>> counted = tally_layers([true], [said], Labels.numbered(2, background=None))
        >>> counted.reference.tolist(), counted.predicted.tolist(), counted.matched.tolist()
        ([[1, 1]], [[2, 1]], [[1, 1]])
    """
    judged = [np.where((np.asarray(row) == IGNORE).any(axis=-1, keepdims=True), IGNORE, row) for row in y_true]
    step = count_steps(judged, y_pred, labels, multilabel=True)
    columns = range(len(labels))
    tables = None if reference is None else [_of_class(table, k) for table in reference for k in columns]
    single = tally(
        [row[:, k] for row in judged for k in columns],
        [np.asarray(row)[:, k] for row in y_pred for k in columns],
        Labels.numbered(2),
        reference=tables,
        iou_thresholds=iou_thresholds,
        errors=False,
    )
    items = np.array([k != labels.background for k in columns], np.int64)

    def by_class(counted: IntArray) -> IntArray:
        return counted[..., 1].reshape(*counted.shape[:-2], len(judged), len(labels)) * items

    reference_count, predicted_count = by_class(single.reference), by_class(single.predicted)
    return Tally(labels, step, reference_count, predicted_count, single.thresholds, by_class(single.tp))


def _of_class(table: Segments, number: int) -> Segments:
    """The rows of one class, as class 1."""
    rows = table.take(table.label == number)
    return Segments(rows.start, rows.stop, np.ones_like(rows.label))
