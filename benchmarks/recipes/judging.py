"""What is kept of a prediction of the test part: scores, and what intervals are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.dataset import Dataset
from segmend.core.truth import all_instances, truths
from segmend.scoring import score

TOLERANCE_S = 0.15
"""Of onsets and offsets, as delineators of electrocardiograms are judged."""


def prediction_of(data: Dataset, y_prob: Sequence[Any], y_pred: Sequence[Any]) -> Prediction:
    """The test part beside what was predicted of it.

    Args:
        data: with the role "test".
        y_prob: probabilities of each recording.
        y_pred: labels of each recording.
    """
    recordings, task = data.part("test"), data.task
    dense = task.kind == "segmentation"
    tables = tuple(each.segments for each in recordings if each.segments is not None)
    return Prediction(
        names=tuple(each.name for each in recordings),
        labels=data.labels,
        y_true=tuple(truths(recordings, task, data.labels)),
        y_pred=tuple(np.asarray(each) for each in y_pred),
        y_prob=tuple(np.asarray(each, np.float32) for each in y_prob),
        rank=task.rank if dense else 0,
        data_rank=task.rank,
        multilabel=task.labels == "multilabel",
        reference=tables if dense and task.rank == 1 else None,
        instances=all_instances(recordings),
        groups=tuple(each.group for each in recordings),
        sampling_rate_hz=data.sampling_rate_hz,
    )


def judged(prediction: Prediction) -> dict[str, Any]:
    """Scores, and per recording the counts (or labels and probabilities) that they are read from."""
    if prediction.rank == 0:
        return _of_wholes(prediction)
    found = score(prediction, edit=prediction.rank == 1)
    told = {
        "f1@50": found["segment"]["f1@50"],
        "f1@25": found["segment"]["f1@25"],
        "count_mae": found["count"]["mae"],
        "count_ratio": found["count"]["ratio"],
        "accuracy": found["step"]["accuracy"],
        "macro_f1": found["step"]["macro_f1"],
    }
    if prediction.rank == 2:
        told["panoptic_quality"] = found["segment"]["panoptic"]["pq"]
    ratios = {name: each["ratio"] for name, each in found["count"]["per_class"].items()}
    rows = found.by_recording
    assert rows is not None
    keys = ("reference", "predicted", "matched", "step_accuracy")
    each = {name: [row[key] for key in keys] for name, row in rows.items()}
    return {"scores": told, "ratios": ratios, "recordings": each, "groups": _groups(prediction), **_ends(prediction)}


def _ends(prediction: Prediction) -> dict[str, Any]:
    """F1 of each class within 150 ms, at onset, at offset and at both, where the rate is known."""
    if prediction.rank != 1 or prediction.sampling_rate_hz is None:
        return {}
    found = score(prediction, edit=False, tolerance=TOLERANCE_S, offset_share=0.0)
    classes = found["segment"]["collar"]["per_class"]
    sides = ("onset", "offset", "both")
    return {"ends": {name: {side: each[side]["f1"] for side in sides} for name, each in classes.items()}}


def _of_wholes(prediction: Prediction) -> dict[str, Any]:
    found = score(prediction)
    assert prediction.y_true is not None
    assert prediction.y_prob is not None
    macro = found["step"]["macro"]
    told = {
        "macro_f1": found["step"]["macro_f1"],
        "macro_ap": macro["average_precision"],
        "accuracy": found["step"]["accuracy"],
    }
    columns = zip(prediction.names, prediction.y_true, prediction.y_pred, prediction.y_prob, strict=True)
    each = {
        name: [np.asarray(true).tolist(), np.asarray(said).tolist(), np.round(prob, 5).astype(float).tolist()]
        for name, true, said, prob in columns
    }
    about = {"classes": len(prediction.labels), "multilabel": prediction.multilabel, "groups": _groups(prediction)}
    return {"scores": told, "recordings": each, **about}


def _groups(prediction: Prediction) -> dict[str, str]:
    """Whom or what each recording belongs to."""
    groups = prediction.groups or prediction.names
    return dict(zip(prediction.names, map(str, groups), strict=True))
