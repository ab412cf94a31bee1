"""A reference and a prediction from two places on disk, as one Prediction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from segmend.artifacts.prediction import Prediction
from segmend.core.dataset import Dataset
from segmend.errors import InputError
from segmend.loading import is_dataset, load_dataset, load_predictions, rank_of_predictions
from segmend.pipeline.inputs.pairing import wholes
from segmend.pipeline.inputs.pairing.known import Known, read_reference
from segmend.pipeline.inputs.pairing.said import find, painted, scores_of, steps_of_files, tables_of


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """A reference and a prediction, joined.

    Attributes:
        prediction: with ``y_true``.
        notes: what a person should know of what was left out.
    """

    prediction: Prediction
    notes: tuple[str, ...]


def pair(
    reference: Path,
    prediction: Path,
    *,
    annotations: Path | str | None = None,
    labels: Sequence[str] | None = None,
    background: int | str | None = "auto",
) -> Pair:
    """Join a reference and a prediction by the names of their recordings.

    Args:
        reference: a DATA folder, a folder of ``NAME.npy`` class numbers (or with ``labels/`` in it), an
            ``annotations.csv``, or predictions that were corrected: ``segments/``, ``masks/`` or ``recordings.csv``.
        prediction: a folder with ``segments/NAME.csv``, ``scores/NAME.npy``, ``labels/NAME.npy`` or ``NAME.npy``, or a
            file like ``annotations.csv``; of images and whole recordings what ``load_predictions`` reads.
        annotations: a file to use instead of the DATA folder's ``annotations.csv``.
        labels: class names instead of those of the reference.
        background: class number that is no segment, None, or "auto".

    Raises:
        InputError: a file is damaged, or the two do not fit each other.
    """
    data = None
    if is_dataset(reference):
        data = load_dataset(reference, annotations=annotations, labels=labels, background=background)
    whole = _whole(reference, data, annotations, labels, background)
    if whole is not None:
        joined, predicted = wholes.join(reference, prediction, whole, background)
        return Pair(joined, _notes(len(joined.names), predicted, len(whole.y_true)))
    said = find(prediction)
    known = read_reference(reference, said, data, annotations, labels, background)
    names = _common(reference, prediction, known, said.names())
    lengths = {name: len(known.y_true[name]) for name in names}
    multilabel = known.multilabel
    tables = tables_of(said, lengths, known.labels, known.sampling_rate_hz, multilabel=multilabel)
    joined = Prediction(
        names=names,
        labels=known.labels,
        y_true=tuple(known.y_true[name] for name in names),
        y_pred=steps_of_files(said, lengths, known.labels, multilabel=multilabel)
        if tables is None
        else painted(said.path, tables, lengths, known.labels, multilabel=multilabel),
        y_prob=scores_of(said, lengths, len(known.labels), multilabel=multilabel),
        multilabel=multilabel,
        reference=None if known.tables is None else tuple(known.tables[name] for name in names),
        predicted=tables,
        groups=tuple(known.groups.get(name, name) for name in names) if known.groups else None,
        splits=known.splits,
        sampling_rate_hz=known.sampling_rate_hz,
    )
    return Pair(joined, _notes(len(names), len(said.names() or names), len(known.y_true)))


def _whole(
    reference: Path,
    data: Dataset | None,
    annotations: Path | str | None,
    labels: Sequence[str] | None,
    background: int | str | None,
) -> wholes.Reference | None:
    """The reference where it is of images or whole recordings, else None."""
    if data is not None:
        of_steps = data.task.kind == "segmentation" and data.task.rank == 1
        return None if of_steps else wholes.of_dataset(data)
    if annotations is not None or rank_of_predictions(reference) in (None, 1):
        return None
    return wholes.of_prediction(load_predictions(reference, labels=labels, background=background))


def _notes(scored: int, predicted: int, there: int) -> tuple[str, ...]:
    notes = []
    if predicted > scored:
        notes.append(f"{predicted - scored} of {predicted} predicted recordings have no reference and are left out")
    if there > scored:
        notes.append(f"{scored} of {there} recordings of the reference are predicted; the others are left out")
    return tuple(notes)


def _common(reference: Path, prediction: Path, known: Known, said: tuple[str, ...] | None) -> tuple[str, ...]:
    if not known.y_true:
        raise InputError(f"{reference}: expected annotated recordings. Received none")
    names = tuple(name for name in (said or known.y_true) if name in known.y_true)
    if not names:
        raise InputError(
            f"{prediction}: expected recordings of {reference}, such as {sorted(known.y_true)[:3]}. "
            f"Received {list(said or ())[:3]}"
        )
    return names
