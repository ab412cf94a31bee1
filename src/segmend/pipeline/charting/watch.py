"""A model watched on data: everything about both, put on a chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from segmend.artifacts.chart import Chart
from segmend.artifacts.history import History
from segmend.artifacts.prediction import Prediction
from segmend.core.dataset import Dataset
from segmend.core.labels import Labels
from segmend.core.task import Task
from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.pipeline.charting.chart import chart_of
from segmend.pipeline.charting.losses import probe_loss
from segmend.pipeline.charting.patient import active, see
from segmend.pipeline.charting.weights import probe_weights
from segmend.pipeline.inputs.arrays import read_arrays
from segmend.pipeline.inputs.batches import Examples, read_examples
from segmend.pipeline.inputs.padding import padding_facts
from segmend.pipeline.inputs.probabilities import with_probabilities
from segmend.pipeline.inputs.single import Given
from segmend.pipeline.inputs.targets import label_axes, target_facts, task_of_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """How the arrays are to be read; as the arguments of ``diagnose``."""

    labels: Sequence[str] | None = None
    background: int | None = 0
    groups: Sequence[Any] | None = None
    validation_groups: Sequence[Any] | None = None
    mask: Any = None
    task: str | None = None
    names: Sequence[str] | None = None
    max_batches: int | None = None


class Watched(NamedTuple):
    """What came of watching.

    Attributes:
        chart: all that is known; without prediction and scores where labels and output do not fit together.
        notes: what was decided on the way, for people.
        refusal: why there is nothing to score; None where there is.
        signals: judged signals or images by name of recording, (*spatial, channels).
        dataset: all recordings with their roles; None where arrays are no recordings with channels.
        judged: names in ``dataset`` of the recordings that are judged, in the order of the prediction.
        call: what was run, as ``Patient`` has it.
    """

    chart: Chart
    notes: tuple[str, ...] = ()
    refusal: InputError | None = None
    signals: Mapping[str, FloatArray] | None = None
    dataset: Dataset | None = None
    judged: tuple[str, ...] = ()
    call: Any = None


def watch(
    given: Given,
    question: Question,
    *,
    history: History | None = None,
    fit_arguments: Mapping[str, Any] | None = None,
) -> Watched:
    """Predict the judged data and lay everything that is known on a chart.

    Raises:
        InputError: the model cannot take the signals.
        NotYetError: a kind of model that this version cannot look at.
    """
    from segmend.fingerprinting import fingerprint
    from segmend.prediction.whole import require_one_answer

    model, most = given.model, question.max_batches
    require_one_answer(model)
    train = None if given.x is None else read_examples(given.x, given.y, given.sample_weight, max_batches=most)
    held_out = _validation(given.validation_data, most)
    _require_one_each(train, groups=question.groups, mask=question.mask)
    _require_groups(held_out, question.validation_groups)
    judged = held_out or train
    if judged is None:
        raise InputError("x, y: expected data to judge the model on. Received none")
    patient = see(model, train, held_out, question.task)
    train, held_out, outputs = patient.parts["train"], patient.parts["val"], patient.outputs
    judged = held_out or train
    assert judged is not None
    axes = label_axes(judged, outputs, question.task)
    facts = target_facts(judged.y, outputs, axes) | padding_facts(judged, None if held_out else question.mask)
    prediction, refusal = _read(judged, outputs, question, axes, own_groups=held_out is not None)
    labels = _labels(prediction, facts, question)
    task = task_of_facts(facts, data_rank(judged), len(labels)) if prediction is None else prediction.task
    dataset = _dataset(train, held_out, labels, question, task)
    known: dict[str, Any] = {
        "judged_on": "validation_data" if held_out else "x, y",
        "fingerprint": None if dataset is None else fingerprint(dataset),
        "anatomy": active(patient, judged.x),
        "history": history,
        "targets": facts,
        "probe": {
            **(probe_weights(model, train, patient.anatomy, fit_arguments or {}) or {}),
            **(probe_loss(model, train, patient.anatomy, history) or {}),
        }
        or None,
        "fit_arguments": dict(fit_arguments or {}),
    }
    if prediction is None:
        return Watched(Chart(task=task, labels=labels, **known), patient.notes, refusal)
    prediction, notes = with_probabilities(prediction)
    signals = {n: rows for n, rows in zip(prediction.names, judged.x, strict=True) if rows.ndim == task.rank + 1}
    chart = chart_of(prediction, **known)
    names = () if dataset is None else tuple(each.name for each in dataset.part("val") or dataset.recordings)
    return Watched(chart, (*patient.notes, *notes), None, signals, dataset, names, patient.call)


def _require_one_each(train: Examples | None, **given: Any) -> None:
    """Refuse what is not given once for each recording of ``x``."""
    recordings = 0 if train is None else len(train.x)
    weights = {} if train is None else {"sample_weight": train.weight}
    for name, values in {**given, **weights}.items():
        if values is not None and len(values) != recordings:
            raise InputError(f"{name}: expected one entry for each of {recordings} recordings. Received {len(values)}")


def _require_groups(held_out: Examples | None, groups: Sequence[Any] | None) -> None:
    """Refuse groups that are not one for each recording of ``validation_data``."""
    recordings = 0 if held_out is None else len(held_out.x)
    if groups is not None and len(groups) != recordings:
        raise InputError(
            f"validation_groups: expected one entry for each of {recordings} recordings of validation_data. "
            f"Received {len(groups)}"
        )


def _validation(data: Any, max_batches: int | None) -> Examples | None:
    if data is None:
        return None
    if isinstance(data, tuple | list):
        if not 2 <= len(data) <= 3:
            raise InputError(f"validation_data: expected (x, y) or (x, y, sample_weight). Received {len(data)} parts")
        return read_examples(*data, name="validation_data")
    return read_examples(data, None, max_batches=max_batches, name="validation_data")


def data_rank(examples: Examples) -> int:
    """Spatial axes of recordings: 1 for signals, 2 for images."""
    return max(1, examples.x[0].ndim - 1)


def _read(
    judged: Examples, outputs: list[FloatArray], question: Question, axes: int, *, own_groups: bool
) -> tuple[Prediction | None, InputError | None]:
    """The prediction, or why the labels and the output fit no task."""
    try:
        prediction = read_arrays(
            y_true=judged.y,
            y_prob=outputs,
            mask=None if own_groups else question.mask,
            sample_weight=judged.weight,
            labels=question.labels,
            background=question.background,
            groups=question.validation_groups if own_groups else question.groups,
            names=question.names,
            task=question.task,
            rank=axes,
            data_rank=data_rank(judged),
        )
    except InputError as refusal:
        return None, refusal
    return prediction, None


def _labels(prediction: Prediction | None, facts: Mapping[str, Any], question: Question) -> Labels:
    if prediction is not None:
        return prediction.labels
    classes = max(int(facts["classes"]), int(facts["channels"]), 2)
    task = task_of_facts(facts, 1, classes)
    background = question.background if task.kind == "segmentation" and task.labels != "multilabel" else None
    if question.labels is None:
        return Labels.numbered(classes, background)
    return Labels.of(question.labels, background)


def _dataset(
    train: Examples | None, held_out: Examples | None, labels: Labels, question: Question, task: Task
) -> Dataset | None:
    """Recordings with their labels and roles; None where arrays are no recordings with channels."""
    from segmend.pipeline.inputs.array_dataset import dataset_of

    parts = {"train": train, "val": held_out} if held_out else {"": train}
    return dataset_of({role: part for role, part in parts.items() if part}, labels, question, task)
