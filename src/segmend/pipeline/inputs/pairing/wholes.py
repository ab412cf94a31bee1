"""A reference of images, or of whole recordings, beside a prediction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.dataset import Dataset
from segmend.core.labels import IGNORE, Labels
from segmend.core.truth import all_instances, truths
from segmend.core.types import IntArray
from segmend.errors import InputError
from segmend.loading import load_predictions, refuse
from segmend.pipeline.inputs.selection import part_of


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """What is true, by name of recording; ``rank`` is 2 for images, 0 for wholes of ``data_rank`` axes."""

    labels: Labels
    rank: int
    data_rank: int
    multilabel: bool
    y_true: Mapping[str, IntArray]
    instances: Mapping[str, IntArray] | None
    groups: Mapping[str, str]
    splits: Mapping[str, tuple[str, ...]]


def of_dataset(data: Dataset) -> Reference:
    """What a data set says of the images or recordings that people annotated.

    Raises:
        InputError: the data set has problems that would falsify a number.
    """
    refuse(data, non_finite=False)
    known = [recording for recording in data.recordings if recording.annotated]
    names = [recording.name for recording in known]
    numbers = all_instances(known)
    return Reference(
        labels=data.labels,
        rank=data.task.rank if data.task.kind == "segmentation" else 0,
        data_rank=data.task.rank,
        multilabel=data.task.labels == "multilabel",
        y_true=dict(zip(names, truths(known, data.task, data.labels), strict=True)),
        instances=None if numbers is None else dict(zip(names, numbers, strict=True)),
        groups={recording.name: recording.group for recording in known},
        splits=data.split,
    )


def of_prediction(found: Prediction) -> Reference:
    """Predictions as what is true: their labels, or, where there are none, what was decoded (and corrected)."""
    true = found.y_true
    objects = found.predicted_instances if true is None else found.instances
    return Reference(
        labels=found.labels,
        rank=found.rank,
        data_rank=found.data_rank,
        multilabel=found.multilabel,
        y_true=dict(zip(found.names, found.y_pred if true is None else true, strict=True)),
        instances=None if objects is None else dict(zip(found.names, objects, strict=True)),
        groups=dict(zip(found.names, found.groups or found.names, strict=True)),
        splits=found.splits,
    )


def join(reference: Path, prediction: Path, known: Reference, background: int | str | None) -> tuple[Prediction, int]:
    """The reference beside a prediction, of the recordings that both have, and how many were predicted.

    Args:
        reference: where the one is, for messages.
        prediction: a PREDICTIONS, PRED or RUN folder.
        known: the reference.
        background: of the prediction, where its dataset.json does not say it.

    Raises:
        InputError: the prediction cannot be read, answers another task, has other labels or shapes, or none of the
            recordings.
    """
    said = load_predictions(prediction, background=background)
    if (said.rank, said.multilabel) != (known.rank, known.multilabel):
        told = replace(
            said, labels=known.labels, rank=known.rank, data_rank=known.data_rank, multilabel=known.multilabel
        ).task
        raise InputError(
            f"{prediction}: expected predictions of {told.name} ({told.unit}), as in {reference}. "
            f"Received {said.task.name} ({said.task.unit})"
        )
    names = tuple(name for name in said.names if name in known.y_true)
    if not names:
        raise InputError(
            f"{prediction}: expected recordings of {reference}, such as {sorted(known.y_true)[:3]}. "
            f"Received {list(said.names)[:3]}"
        )
    part = renamed(part_of(said, names), known.labels, prediction)
    for name, row in zip(names, part.y_pred, strict=True):
        if np.shape(row) != np.shape(known.y_true[name]):
            raise InputError(
                f"{prediction}: {name}: expected shape {np.shape(known.y_true[name])}, as in {reference}. "
                f"Received {np.shape(row)}"
            )
    joined = replace(
        part,
        data_rank=known.data_rank,
        y_true=tuple(known.y_true[name] for name in names),
        instances=None if known.instances is None else tuple(known.instances[name] for name in names),
        groups=tuple(known.groups.get(name, name) for name in names),
        splits=known.splits or said.splits,
    )
    return joined, len(said.names)


def renamed(found: Prediction, labels: Labels, where: Path) -> Prediction:
    """The prediction with the class numbers of other labels of the same names; mere numbers are taken as they are.

    Raises:
        InputError: a class has another name.
    """
    own = found.labels
    if own.names == labels.names or (len(own) == len(labels) and own.names == Labels.numbered(len(own)).names):
        return replace(found, labels=labels)
    unknown = [name for name in own.names if name not in labels.names]
    few = found.y_prob is not None or found.multilabel
    if unknown or (few and len(own) != len(labels)):
        raise InputError(
            f"{where}: expected the labels {', '.join(labels.names):.200}, as in the reference. "
            f"Received {', '.join(own.names):.200}"
        )
    number = np.array([labels.number(name) for name in own.names])
    order = np.argsort(number)
    y_pred = tuple(row[..., order] if found.multilabel else _looked_up(number, row) for row in found.y_pred)
    prob = None if found.y_prob is None else tuple(rows[..., order] for rows in found.y_prob)
    objects = found.predicted_instances
    if found.multilabel and objects is not None:
        objects = tuple(rows[..., order] for rows in objects)
    return replace(found, labels=labels, y_pred=y_pred, y_prob=prob, predicted_instances=objects)


def _looked_up(number: IntArray, row: Sequence[int] | IntArray) -> IntArray:
    return np.where(np.asarray(row) == IGNORE, IGNORE, number[row])
