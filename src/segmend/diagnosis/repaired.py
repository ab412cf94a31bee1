"""What a prediction would score if some of its labels were others."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Expected, Severity
from segmend.artifacts.prediction import Prediction
from segmend.core.types import IntArray
from segmend.diagnosis import severity
from segmend.scoring.meetings import meeting_of
from segmend.scoring.readings import averaged, f1
from segmend.scoring.steps import count_steps
from segmend.scoring.tallies import tally_of


class Measured(NamedTuple):
    """Segment F1@50 and predicted over reference segments; of whole recordings the macro F1 and 1.

    Attributes:
        f1: NaN where there is nothing to measure on.
        ratio: NaN without reference segments.
    """

    f1: float
    ratio: float


def measured(prediction: Prediction, y_pred: Sequence[IntArray]) -> Measured:
    """The scores of other labels in the place of a prediction's."""
    assert prediction.y_true is not None
    if prediction.rank == 0:
        counted = count_steps(prediction.y_true, y_pred, prediction.labels, multilabel=prediction.multilabel)
        return Measured(float(averaged(f1, counted.pooled())), 1.0)
    other = dataclasses.replace(prediction, y_pred=tuple(y_pred), predicted=None, predicted_instances=None)
    counts = tally_of(meeting_of(other), None, (50,))
    reference, predicted = int(counts.reference.sum()), int(counts.predicted.sum())
    every = reference + predicted
    return Measured(
        2 * int(counts.matched.sum()) / every if every else float("nan"),
        predicted / reference if reference else float("nan"),
    )


def judged(chart: Chart, before: Measured, after: Measured) -> tuple[Severity, Expected]:
    """Severity of a fault whose repair leads from one measurement to the other, and what it brings."""
    objective = severity.OBJECTIVE if chart.task.kind == "segmentation" else "macro_f1"
    known = np.isfinite([before.f1, after.f1])
    expected = Expected(
        objective=objective,
        before=before.f1 if known[0] else None,
        at_most=max(before.f1, after.f1) if known.all() else None,
    )
    nearer = abs(before.ratio - 1) - abs(after.ratio - 1)
    return severity.of_change(severity.gain(expected), max(0.0, nearer) if np.isfinite(nearer) else 0.0), expected
