"""Everything that scores are read from, counted per recording and class."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.core.types import BoolArray, IntArray
from segmend.errors import InputError
from segmend.scoring import matching
from segmend.scoring.kinds import ErrorCounts, Kinds, count_errors
from segmend.scoring.meetings import Meeting, meet
from segmend.scoring.overlaps import Overlaps
from segmend.scoring.panoptic import Panoptic, panoptic
from segmend.scoring.readings import Counts
from segmend.scoring.steps import StepTally

IOU_THRESHOLDS = (10, 25, 50)
"""Per cent of intersection over union at which segments are matched; 50 is always among a tally's."""


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Counts per recording and class; class axes run over all of ``labels``, the background's column being 0.

    Attributes:
        labels: class names and the background.
        step: counts of steps.
        reference, predicted: number of segments, shape (recordings, classes).
        thresholds: IoU thresholds in per cent, ascending.
        tp: matched pairs at each threshold, shape (thresholds, recordings, classes).
        errors: kinds of error, each (recordings, classes); None where they were not asked for.
        panoptic: pairs of objects and their IoU; None for signals.
    """

    labels: Labels
    step: StepTally
    reference: IntArray
    predicted: IntArray
    thresholds: tuple[int, ...]
    tp: IntArray
    errors: ErrorCounts | None = None
    panoptic: Panoptic | None = None

    def __len__(self) -> int:
        return int(self.reference.shape[0])

    @property
    def matched(self) -> IntArray:
        """True positives at IoU >= 0.5, shape (recordings, classes)."""
        return self.tp[self.thresholds.index(50)]

    def take(self, index: IntArray | BoolArray | Sequence[int]) -> Tally:
        """The recordings of an index, which may repeat them, or of a mask."""
        at = np.asarray(index)
        if at.dtype != bool:
            at = at.astype(np.int64)
        return Tally(
            self.labels,
            self.step.take(at),
            self.reference[at],
            self.predicted[at],
            self.thresholds,
            self.tp[:, at],
            None if self.errors is None else self.errors.take(at),
            None if self.panoptic is None else self.panoptic.take(at),
        )

    def segments(self, threshold: int = 50) -> Counts:
        """Counts of segments at an IoU threshold in per cent, each of shape (recordings, classes).

        Raises:
            InputError: the threshold was not tallied.
        """
        if threshold not in self.thresholds:
            raise InputError(f"segment_f1@{threshold}: expected a threshold among {list(self.thresholds)}")
        tp = self.tp[self.thresholds.index(threshold)]
        return Counts(tp, self.predicted - tp, self.reference - tp, None)


def tally(
    y_true: Sequence[IntArray],
    y_pred: Sequence[IntArray],
    labels: Labels,
    *,
    multilabel: bool = False,
    reference: Sequence[Segments] | None = None,
    prediction: Sequence[Segments] | None = None,
    iou_thresholds: Iterable[int] = IOU_THRESHOLDS,
    errors: bool = True,
) -> Tally:
    """Count steps, segments and errors of each recording and class, in time linear in steps and segments.

    Args:
        y_true: class number of each step, one array of shape (steps,) per recording; -1 is not judged and cuts the
            recording, in the prediction too.
        y_pred: the same for the prediction; -1 only where ``y_true`` is -1.
        labels: class names and the background.
        multilabel: whether a step may carry several labels; then ``y_true`` and ``y_pred`` hold 0 or 1 for each class,
            shape (steps, classes), and each class is cut into segments by itself.
        reference: reference segments as tables, where touching items of one class are to stay apart.
        prediction: predicted segments as tables, likewise.
        iou_thresholds: per cent of IoU, from 1 to 100; 50 is added.
        errors: count the kinds of error too, which a search over many predictions does not need.

    Raises:
        InputError: recordings, lengths or class numbers do not fit.

    Examples:
        >>> counted = tally([np.array([0, 1, 1, 1, 0])], [np.array([1, 0, 1, 1, 0])], Labels.numbered(2))
        >>> counted.reference.sum(), counted.predicted.sum(), counted.matched.sum()
        (np.int64(1), np.int64(2), np.int64(1))
    """
    met = meet(y_true, y_pred, labels, multilabel=multilabel, reference=reference, prediction=prediction)
    return tally_of(met, met.kinds() if errors else None, iou_thresholds)


def matched_at(same: Overlaps, threshold: int) -> IntArray:
    """Numbers of the edges that a maximum matching at an IoU threshold takes."""
    fit = same.reaching(threshold)
    return np.flatnonzero(fit)[matching.maximum(same.take(fit))]


def tally_of(
    met: Meeting,
    found: Kinds | None,
    iou_thresholds: Iterable[int] = IOU_THRESHOLDS,
    match: Callable[[Overlaps, int], IntArray] = matched_at,
) -> Tally:
    """The tally of a meeting whose errors are known (or are not wanted).

    Args:
        met: both sides of the prediction.
        found: its errors, or None.
        iou_thresholds: per cent of IoU, from 1 to 100; 50 is added.
        match: numbers of the matched edges among those of one class, at a threshold.
    """
    same = met.same
    thresholds = _thresholds(iou_thresholds)
    left, right = met.cell(met.reference), met.cell(met.prediction)
    counted = None
    if found is not None:
        flat = count_errors(found, met.reference, met.prediction, left, right, met.cells)
        counted = ErrorCounts(*(column.reshape(len(met), len(met.labels)) for column in flat))
    return Tally(
        met.labels,
        met.step,
        met.count(left),
        met.count(right),
        thresholds,
        np.stack([met.count(left[same.reference[match(same, threshold)]]) for threshold in thresholds]),
        counted,
        None if met.scene is None else panoptic(met.scene),
    )


def _thresholds(given: Iterable[int]) -> tuple[int, ...]:
    thresholds = tuple(sorted({50, *given}))
    wrong = [value for value in thresholds if not 1 <= value <= 100 or value != int(value)]
    if wrong:
        raise InputError(f"iou_thresholds: expected whole per cent from 1 to 100. Received {wrong[0]}")
    return thresholds
