"""Predictions of each step of signals, read from a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.core.limits import allow_open_files
from segmend.core.rasterize import paint
from segmend.core.segments import Segments
from segmend.core.types import FloatArray, IntArray
from segmend.core.undecoded import undecoded
from segmend.errors import InputError
from segmend.formats.base import Annotations
from segmend.formats.csv_annotations import CsvAnnotations
from segmend.loading.description import Description
from segmend.loading.naming import choose_labels, overlapping_labels
from segmend.loading.steps import read_labels, read_overlapping, read_scores, refuse_differing, refuse_unknown
from segmend.loading.tables import tables


def read_steps(
    path: Path, description: Description, labels: Sequence[str] | None, background: int | str | None
) -> Prediction:
    """Read predictions of signals, as ``load_predictions`` says; without groups, splits and sampling rate.

    Args:
        path: the folder.
        description: its dataset.json.
        labels: class names that the caller gave.
        background: class number, None or "auto".

    Raises:
        InputError: a file is missing, damaged, or does not fit the others.
    """
    files = _find(path)
    multilabel = description.multilabel
    prob = _scores(files, multilabel)
    if multilabel:
        known = overlapping_labels(description, _classes(prob), labels)
        true = _true(files, prob, lambda file: read_overlapping(file, len(known)))
    else:
        true = _true(files, prob, read_labels)
        known = choose_labels(description, _classes(prob), _highest(true), labels, background)
        for name, row in zip(files.names, true or (), strict=bool(true)):
            refuse_unknown(files.labels[name], row, known)
    lengths = {name: len(row) for name, row in zip(files.names, prob or true or (), strict=True)}
    reference = path / "annotations.csv"
    return Prediction(
        names=files.names,
        labels=known,
        y_true=true,
        y_pred=_predicted(files.segments, prob, lengths, known, description),
        y_prob=prob,
        multilabel=multilabel,
        reference=_reference(reference, lengths, known, description) if reference.exists() else None,
    )


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of a folder by name of recording; each part may be empty, but not scores and labels together."""

    names: tuple[str, ...]
    scores: dict[str, Path]
    labels: dict[str, Path]
    segments: dict[str, Path]


def _find(folder: Path) -> _Files:
    scores, labels = (files_of(folder / part, ".npy") for part in ("scores", "labels"))
    segments = files_of(folder / "segments", ".csv")
    names = tuple(sorted(scores or segments))
    if not names:
        raise InputError(f"{folder}: expected scores/NAME.npy for one recording or more. Received none")
    if not scores and not labels:
        raise InputError(f"{folder}: expected scores/ or labels/, which tell how long recordings are. Received neither")
    if labels and (set(labels) != set(names)):
        missing, spare = sorted(set(names) - set(labels)), sorted(set(labels) - set(names))
        fault = f"no {missing[0]}.npy" if missing else f"{spare[0]}.npy, which has no scores"
        raise InputError(
            f"{folder / 'labels'}: expected one file for each of the {len(names)} predictions. Received {fault}"
        )
    return _Files(names, scores, labels, segments)


def _scores(files: _Files, multilabel: bool) -> tuple[FloatArray, ...] | None:
    allow_open_files(len(files.names))
    if not files.scores:
        return None
    return tuple(read_scores(files.scores[name], multilabel=multilabel) for name in files.names)


def _true(
    files: _Files, prob: tuple[FloatArray, ...] | None, read: Callable[[Path], IntArray]
) -> tuple[IntArray, ...] | None:
    true = tuple(read(files.labels[name]) for name in files.names) if files.labels else None
    if prob is not None:
        refuse_differing([files.scores[name] for name in files.names], prob, true)
    return true


def sound_tables(
    annotations: Annotations,
    lengths: dict[str, int],
    labels: Labels,
    sampling_rate_hz: float | None,
    *,
    multilabel: bool = False,
) -> dict[str, Segments]:
    """One table per recording, from rows without a fault; arguments as for ``tables``.

    Raises:
        InputError: the first fault, with file and line.
    """
    found, problems = tables(annotations, lengths, labels, sampling_rate_hz, multilabel=multilabel)
    if problems:
        raise InputError(f"{problems[0].where}: {problems[0].message}")
    return {name: found.get(name, Segments.empty()) for name in lengths}


def files_of(folder: Path, suffix: str) -> dict[str, Path]:
    """Files of a suffix by the name before it; none where there is no such folder."""
    return {file.stem: file for file in sorted(folder.iterdir()) if file.suffix == suffix} if folder.is_dir() else {}


def _classes(prob: tuple[FloatArray, ...] | None) -> int | None:
    return None if prob is None else int(prob[0].shape[1])


def _highest(true: tuple[IntArray, ...] | None) -> int:
    return max((int(row.max()) for row in true or () if row.size), default=0)


def _predicted(
    decoded: dict[str, Path],
    prob: tuple[FloatArray, ...] | None,
    lengths: dict[str, int],
    labels: Labels,
    description: Description,
) -> tuple[IntArray, ...]:
    """What was decoded, where it was, else the most probable class."""
    multilabel = description.multilabel
    if not decoded:
        assert prob is not None
        return tuple(undecoded(rows, multilabel=multilabel) for rows in prob)
    every = []
    for name, steps in lengths.items():
        if name not in decoded:
            raise InputError(f"{next(iter(decoded.values())).parent}: expected {name}.csv. Received no such file")
        rows = CsvAnnotations().read(decoded[name])
        table = sound_tables(rows, {name: steps}, labels, description.sampling_rate_hz, multilabel=multilabel)
        every.append(paint(table[name], steps, labels, multilabel=multilabel))
    return tuple(every)


def _reference(path: Path, lengths: dict[str, int], labels: Labels, description: Description) -> tuple[Segments, ...]:
    multilabel = description.multilabel
    rows = CsvAnnotations().read(path)
    return tuple(sound_tables(rows, lengths, labels, description.sampling_rate_hz, multilabel=multilabel).values())
