"""A Keras model watched on a folder of recordings."""

from __future__ import annotations

import dataclasses
from typing import Any

from segmend.artifacts.chart import Chart
from segmend.artifacts.prediction import Prediction
from segmend.core.dataset import Dataset
from segmend.core.recording import Recording
from segmend.core.task import Task
from segmend.core.truth import all_instances, truths
from segmend.core.types import FloatArray, IntArray
from segmend.errors import InputError
from segmend.pipeline.charting.chart import chart_of
from segmend.pipeline.charting.patient import Patient, active, anatomy_of, require_channels
from segmend.pipeline.charting.watch import Watched
from segmend.pipeline.inputs.arrays import read_arrays
from segmend.pipeline.inputs.judged import judged_names
from segmend.pipeline.inputs.probabilities import with_probabilities
from segmend.pipeline.inputs.shapes import common_shape
from segmend.pipeline.inputs.targets import target_facts


def watch_dataset(model: Any, dataset: Dataset, *, loss_lost: str | None = None) -> Watched:
    """Predict the judged recordings and lay everything that is known on a chart.

    Args:
        model: a Keras model.
        dataset: with annotated recordings.
        loss_lost: why the model's loss could not be restored from its file.

    Raises:
        InputError: no recording is annotated, or the model cannot take the signals.
    """
    from segmend.fingerprinting import fingerprint
    from segmend.prediction.whole import predict_whole

    annotated = {each.name: each for each in dataset.recordings if _marked(each, dataset.task)}
    names, role = judged_names(dataset.split, list(annotated))
    judged = [annotated[name] for name in names]
    if not judged:
        raise InputError(f"{dataset.path or 'data'}: expected annotated recordings. Received none")
    anatomy = anatomy_of(model, effective=True, input_shape=common_shape([each.signal for each in judged]))
    if anatomy is not None and loss_lost is not None:
        anatomy = anatomy.model_copy(update={"loss_lost": loss_lost})
    require_channels([each.signal for each in judged], anatomy, names)
    outputs = predict_whole(model, [each.signal for each in judged], anatomy)
    truth = truths(judged, dataset.task, dataset.labels)
    axes = dataset.task.rank if dataset.task.kind == "segmentation" else 0
    known: dict[str, Any] = {
        "judged_on": role or "all annotated recordings",
        "fingerprint": fingerprint(dataset),
        "anatomy": active(Patient(model, anatomy, {}, outputs), [each.signal for each in judged]),
        "targets": target_facts(truth, outputs, axes),
    }
    said = () if loss_lost is None else (f"the model's loss could not be restored: {loss_lost}",)
    try:
        prediction, notes = with_probabilities(_prediction(judged, truth, outputs, dataset))
    except InputError as refusal:
        return Watched(Chart(task=dataset.task, labels=dataset.labels, **known), said, refusal)
    signals = {each.name: each.signal for each in judged}
    return Watched(
        chart_of(prediction, **known), (*said, *notes), signals=signals, dataset=dataset, judged=tuple(names)
    )


def _prediction(
    judged: list[Recording], truth: list[IntArray], outputs: list[FloatArray], dataset: Dataset
) -> Prediction:
    """The prediction under the data set's labels, with its tables.

    Raises:
        InputError: lengths or numbers of classes differ.
    """
    task = dataset.task
    read = read_arrays(
        y_true=truth,
        y_prob=outputs,
        labels=dataset.labels.names,
        background=dataset.labels.background,
        groups=[each.group for each in judged],
        names=[each.name for each in judged],
        task=task.name,
        rank=task.rank if task.kind == "segmentation" else 0,
        data_rank=task.rank,
    )
    if read.labels != dataset.labels:
        raise InputError(
            f"model: expected {len(dataset.labels)} output classes, {list(dataset.labels.names)}. "
            f"Received {outputs[0].shape[-1]}"
        )
    tables = tuple(each.segments for each in judged if each.segments is not None)
    return dataclasses.replace(
        read,
        reference=tables if len(tables) == len(judged) and task.kind == "segmentation" else None,
        instances=all_instances(judged),
        sampling_rate_hz=dataset.sampling_rate_hz,
    )


def _marked(recording: Recording, task: Task) -> bool:
    """Whether it is annotated in the way that the task needs."""
    if task.kind == "classification":
        return recording.classes is not None
    return recording.segments is not None or recording.regions is not None
