"""Segment level of detection: the polyphonic sound detection score, over all thresholds at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import IGNORE
from segmend.core.segments import Segments
from segmend.scoring.psds import SCENARIOS, criteria_named, psds


def detection_level(prediction: Prediction) -> dict[str, Any]:
    """PSDS under the two scenarios of DCASE, over classes and of each class, with their parameters in words.

    Args:
        prediction: with ``y_true``, ``y_prob`` and a sampling rate.
    """
    assert prediction.y_true is not None and prediction.y_prob is not None and prediction.sampling_rate_hz is not None
    reference = references(prediction)
    judged = [row != IGNORE if row.ndim == 1 else np.all(row != IGNORE, axis=1) for row in prediction.y_true]
    found = {
        name: psds(
            prediction.y_prob, reference, prediction.labels, prediction.sampling_rate_hz, judged=judged, criteria=name
        )
        for name in SCENARIOS
    }
    return {
        "psds": {
            **{name: each.value for name, each in found.items()},
            "per_class": {
                label: {name: each.per_class[label] for name, each in found.items()}
                for label in prediction.labels.foreground_names
            },
            "criteria": {name: criteria_named(name).sentence for name in SCENARIOS},
        }
    }


def references(prediction: Prediction) -> tuple[Segments, ...]:
    """Reference segments of each recording: its tables, or the runs of its steps."""
    assert prediction.y_true is not None
    if prediction.reference is not None:
        return prediction.reference
    if not prediction.multilabel:
        return tuple(Segments.from_steps(row, prediction.labels.background) for row in prediction.y_true)
    return tuple(_of_classes(row) for row in prediction.y_true)


def _of_classes(rows: Any) -> Segments:
    each = [Segments.from_steps(rows[:, k]) for k in range(rows.shape[1])]
    label = np.repeat(np.arange(len(each)), [len(table) for table in each])
    start, stop = (np.concatenate([getattr(table, end) for table in each]) for end in ("start", "stop"))
    return Segments(start, stop, label)
