"""Recordings through a planned model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from segmend.artifacts.anatomy import Anatomy
from segmend.artifacts.prediction import Prediction
from segmend.core.dataset import Dataset
from segmend.core.recording import Recording
from segmend.core.task import Task
from segmend.core.truth import all_instances, truths
from segmend.core.types import FloatArray
from segmend.core.undecoded import undecoded
from segmend.pipeline.runs.translate import tiles_of
from segmend.planning import Values

Allocate = Callable[[tuple[int, ...]], FloatArray]


def probabilities(
    model: Any,
    values: Values,
    task: Task,
    signals: Sequence[FloatArray],
    out: Sequence[Allocate] | None = None,
) -> list[FloatArray]:
    """What the model says of whole recordings of any size.

    Args:
        model: Keras model.
        values: of its plan.
        task: what the labels answer.
        signals: one array (*spatial, channels) per recording, as planned.
        out: for each recording, where its probabilities go, such as a memory map; not for classification.

    Returns:
        Per recording (*spatial, classes); of classification (classes,).
    """
    from segmend.prediction import classify_many, predict

    tiles = tiles_of(values)
    if task.kind == "classification":
        del tiles["align"]
        return list(classify_many(model, signals, fit=values.window.fit, **tiles))
    places: Sequence[Allocate | None] = out or [None] * len(signals)
    return [predict(model, signal, out=place, **tiles) for signal, place in zip(signals, places, strict=True)]


def said_by(model: Any, signals: Sequence[FloatArray], anatomy: Anatomy | None, task: Task) -> list[FloatArray]:
    """What anyone's model says of recordings as they came, in the house's form: a single channel becomes two classes.

    Args:
        model: a Keras model or a callable.
        signals: one array (*spatial, channels) per recording.
        anatomy: facts about the model, or None.
        task: what the labels answer.

    Returns:
        Per recording (*spatial, classes); of classification (classes,).
    """
    from segmend.pipeline.inputs.reading import convert
    from segmend.prediction.whole import predict_whole

    axes, several = (task.rank if task.kind == "segmentation" else 0), task.labels == "multilabel"
    said = predict_whole(model, signals, anatomy)
    if not axes:
        return list(convert.probabilities("model", np.stack(said), 1, several)) if said else []
    return [convert.probabilities(f"model[{k}]", rows, axes, several) for k, rows in enumerate(said)]


def prediction_of(model: Any, values: Values, data: Dataset, role: str, scores: Path | None) -> Prediction:
    """One role's recordings: what is true of them beside the model's probabilities.

    Args:
        model: Keras model.
        values: of its plan.
        data: as planned, with a split that has the role.
        role: a part of the split.
        scores: a folder, in which probabilities of each step are written as they come and read as memory maps; None
            keeps them in memory.
    """
    recordings, task = data.part(role), data.task
    segmentation = task.kind == "segmentation"
    multilabel = task.labels == "multilabel"
    out = [_mapped(scores, r) for r in recordings] if segmentation and scores is not None else None
    y_prob = probabilities(model, values, task, [recording.signal for recording in recordings], out)
    tables = tuple(r.segments for r in recordings if r.segments is not None)
    return Prediction(
        names=tuple(recording.name for recording in recordings),
        labels=data.labels,
        y_true=tuple(truths(recordings, task, data.labels)),
        y_pred=tuple(undecoded(rows, multilabel=multilabel) for rows in y_prob),
        y_prob=tuple(y_prob),
        rank=task.rank if segmentation else 0,
        data_rank=task.rank,
        multilabel=multilabel,
        reference=tables if segmentation and task.rank == 1 else None,
        instances=all_instances(recordings),
        groups=tuple(recording.group for recording in recordings),
        splits={role: tuple(recording.name for recording in recordings)},
        sampling_rate_hz=data.sampling_rate_hz,
    )


def _mapped(folder: Path, recording: Recording) -> Allocate:
    """A memory map in the folder, by the recording's name."""
    folder.mkdir(parents=True, exist_ok=True)

    def allocate(shape: tuple[int, ...]) -> Any:
        path = folder / f"{recording.name}.npy"
        return np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)

    return allocate
