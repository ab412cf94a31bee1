"""Charts of rows of items of one class, with gaps between: predicted late, joined, or as they are."""

from __future__ import annotations

import dataclasses

import numpy as np

from segmend.artifacts.anatomy import ReceptiveField
from segmend.core.labels import Labels
from tests.diagnosis.charts import charted
from tests.diagnosis.rules.model.anatomies import anatomy

LABELS = Labels.of(["call"])


def row(length, gap, items, rng):
    """A row of items of about one length, about one gap apart: (steps,) of 0 and 1."""
    parts = [np.zeros(gap, int)]
    for _ in range(items):
        parts.append(np.ones(max(2, int(rng.normal(length, 0.1 * length))), int))
        parts.append(np.zeros(max(2, int(rng.normal(gap, 0.1 * gap))), int))
    return np.concatenate(parts)


def joined(steps, share, rng):
    """The row with a share of its gaps filled."""
    said = steps.copy()
    starts = np.flatnonzero(np.diff(steps) == -1) + 1
    stops = np.append(np.flatnonzero(np.diff(steps) == 1)[1:] + 1, len(steps))
    for start, stop in list(zip(starts, stops, strict=False))[:-1]:
        if rng.random() < share:
            said[start:stop] = 1
    return said


def late(steps, by):
    """The row predicted so many steps late."""
    return np.concatenate([np.zeros(by, int), steps[: len(steps) - by]])


def items(change, *, length=20, gap=15, number=15, recordings=4, seed=0, left=-2, right=2, **facts):
    """A chart of rows and what ``change`` makes of them, with a model that sees from ``left`` to ``right``."""
    rng = np.random.default_rng(seed)
    truth = [row(length, gap, number, rng) for _ in range(recordings)]
    chart = charted(truth, [change(steps, rng) for steps in truth], LABELS)
    size = None if left is None or right is None else right - left + 1
    field = ReceptiveField(left=left, right=right, smallest=size, size=size, stride=1.0, **facts)
    model = anatomy("softmax", units=2)
    output = model.outputs[0].model_copy(update={"fields": (field,)})
    return dataclasses.replace(chart, anatomy=model.model_copy(update={"outputs": (output,)}))
