"""P404: the counts are off in one direction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy
from segmend.core.task import Task
from segmend.core.types import FloatArray, IntArray
from segmend.diagnosis import remedies, severity
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import holders, number, percent
from segmend.scoring.meetings import meeting_of
from segmend.scoring.tallies import tally_of

THRESHOLD = 0.05
THRESHOLD_OF_A_CLASS = 0.25
FEWEST = 3
AGREEMENT = 0.6


class CountBias(Rule):
    """The counts are off, and in most recordings in the same direction.

    What it finds:
        A total that differs from the reference by at least 5 % (and 3 segments), where at least 60 % of the recordings
        that are off are off in that direction. Where the total hides it, single classes whose count differs by at
        least 25 % in the same sense.

    Why it matters:
        A bias does not average out over recordings: ten hours are as wrong as ten minutes. A count can also be right by
        luck, when as many items are missed as are invented; the number matched stands beside it.

    Evidence:
        Predicted over reference segments, bias and mean absolute error per recording, how many recordings are over
        and under, and the error of always answering the mean count of the other recordings: a model that does not
        beat that has not learnt to count.

    Remedy:
        A bias is mostly an effect: mend what explains it. Too many: decode with a minimum duration or a semi-Markov
        path. Too few: decode with a threshold per class. Either: decode a segment for each peak where items repeat, or
        by expected F1, which aims at a count regressed on the scores.

    Known limits:
        Severity comes from the ratio alone. With few items chance makes ratios: fewer than 3 segments of difference
        are not reported. Counts are over the classes without the background.
    """

    name = "count-bias"
    code = "P404"
    needs: ClassVar[tuple[str, ...]] = ("prediction", "scores")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding for the total, or one per class where the total hides it."""
        prediction = chart.prediction
        assert prediction is not None and prediction.y_true is not None
        counts = tally_of(meeting_of(prediction), None)
        groups = prediction.groups or prediction.names
        reference, predicted = counts.reference, counts.predicted
        every = max(1, int(reference.sum()))
        task = chart.task
        total = self._of(reference.sum(axis=1), predicted.sum(axis=1), groups, every, task)
        if total is not None:
            yield total
            return
        for k in prediction.labels.foreground:
            found = self._of(reference[:, k], predicted[:, k], groups, every, task, prediction.labels.names[k])
            if found is not None:
                yield found

    def _of(
        self,
        reference: IntArray,
        predicted: IntArray,
        groups: Sequence[str],
        every: int,
        task: Task,
        label: str | None = None,
    ) -> Finding | None:
        threshold = THRESHOLD if label is None else THRESHOLD_OF_A_CLASS
        difference = predicted - reference
        off = int(difference.sum())
        if abs(off) < FEWEST or not reference.sum() or abs(off) < threshold * reference.sum():
            return None
        over, under = int((difference > 0).sum()), int((difference < 0).sum())
        if max(over, under) < AGREEMENT * (over + under) or (over > under) != (off > 0):
            return None
        ratio, error = float(predicted.sum() / reference.sum()), float(np.abs(difference).mean())
        mean_error = float(np.abs(mean_of_others(reference, groups) - reference).mean())
        beside = f", where always answering the mean count is off by {number(mean_error)}" if len(reference) > 1 else ""
        unit = f"{task.item} of {label}" if label else task.item
        where = holders(task)
        return self.finding(
            f"{predicted.sum()} {unit} where there are {reference.sum()} ({number(ratio)} to 1), too "
            f"{'many' if off > 0 else 'few'} in {percent(max(over, under) / difference.size)} of the {where}; "
            f"off by {number(error)} per {where[:-1]}{beside}",
            severity=severity.of_change(0.0, abs(off) / every),
            where={"label": label} if label else {},
            evidence={
                "ratio": ratio,
                "threshold": threshold,
                "reference": int(reference.sum()),
                "predicted": int(predicted.sum()),
                "bias": off / difference.size,
                "mae": error,
                "mean_count_mae": mean_error,
                "recordings_over": over,
                "recordings_under": under,
                "recordings": difference.size,
            },
            remedies=_remedies(off > 0, task),
        )


def mean_of_others(reference: IntArray, groups: Sequence[str]) -> FloatArray:
    """The mean count of the recordings of other groups, for each recording; NaN where there are no others.

    Where all recordings are of one group, each recording is taken for itself.

    Examples:
        >>> mean_of_others(np.array([1, 3, 8]), ("a", "a", "b"))
        array([8., 8., 2.])
    """
    _, group = np.unique(groups, return_inverse=True)
    if group.max(initial=0) == 0:
        group = np.arange(reference.size)
    total, size = np.bincount(group, reference)[group], np.bincount(group)[group]
    others = reference.size - size
    return np.where(others > 0, (reference.sum() - total) / np.maximum(others, 1), np.nan)


def _remedies(many: bool, task: Task) -> list[Remedy]:
    if task.rank > 1:
        return [remedies.decode(decoder) for decoder in ("morphology", "peaks")]
    cheapest = "min_duration" if many else "thresholds"
    return [remedies.decode(decoder) for decoder in (cheapest, "peak_picking", "semi_markov", "expected_f1")]
