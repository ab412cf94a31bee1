"""The verb ``predict``: segments, objects or labels of new recordings and images."""

from __future__ import annotations

import dataclasses
import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from segmend import decoding
from segmend.artifacts.prediction import Prediction
from segmend.core.files import require_free, staged_folder, write_json
from segmend.core.task import Task
from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.pipeline.inputs.selection import part_of
from segmend.pipeline.outputs.base import Subject, Writer
from segmend.pipeline.outputs.entries import Entry, entries_of
from segmend.pipeline.outputs.images import ImageWriter
from segmend.pipeline.outputs.signals import SignalWriter
from segmend.pipeline.outputs.wholes import WholeWriter
from segmend.pipeline.results.run import Run, load_run
from segmend.pipeline.runs.decoded import answered
from segmend.pipeline.runs.write_predictions import description

FORMATS = ("csv", "audacity", "label-studio", "coco")
"""What predictions can be written as."""

TOGETHER = 256
"""Whole recordings that share batches."""


def predict_files(
    run: Path | str,
    files: Sequence[Path | str],
    *,
    out: Path | str,
    probabilities: bool = False,
    formats: Sequence[str] | None = None,
    overwrite: bool = False,
    done: Callable[[str, str], None] = lambda name, found: None,
    warn: Callable[[str], None] = lambda line: None,
) -> None:
    """Predict recordings or images and write a PRED folder, which ``segmend score DATA PRED`` reads.

    Signals: ``segments/NAME.csv``. Images: ``masks/NAME.png`` (class numbers, in colours), ``objects/NAME.png``
    (numbers of objects) and ``objects.csv``; where labels may overlap, masks and numbers in a folder for each label.
    Whole recordings and images: ``recordings.csv``. Always ``dataset.json``, and on request probabilities.

    Where the decoder learns from recordings without labels (``prior_shift``), all files of one call are taken for one
    site's: their probabilities are kept on disk until the last of them is there, and then decoded together.

    Args:
        run: a RUN folder.
        files: files of signals or images as in training, folders of them, or DATA folders.
        out: the folder to write; it appears whole or not at all.
        probabilities: also write ``scores/NAME.npy``, shape (*spatial, classes).
        formats: beside these: "audacity" for ``segments/NAME.txt``, "label-studio" for ``label-studio.json``, tasks to
            import and correct, with ``label-studio.xml`` to set the project up, "coco" for objects of images in
            ``coco.json``; "csv" adds nothing. None writes Audacity's tracks of signals, else Label Studio's tasks.
        overwrite: replace a folder that holds files.
        done: called with each recording's name and what was found.
        warn: told of recordings that are unlike the training data.

    Raises:
        InputError: an unknown format or one that cannot hold such predictions, a file that cannot be read or does not
            fit the model, or an output folder that holds files.
    """
    loaded = load_run(run)
    kind = _writer(loaded.task)
    chosen = _formats(formats, kind, loaded.task)
    entries = entries_of(files, loaded.task.rank)
    require_free(Path(out), overwrite=overwrite)
    with staged_folder(Path(out), overwrite=overwrite) as stage:
        writer = kind(stage, _subject(loaded), chosen)
        empty: Prediction | None = None
        for entry, prediction in _decoded(loaded, entries, stage / "scores" if probabilities else None, warn):
            done(entry.name, writer.add(entry, prediction))
            empty = empty or dataclasses.replace(part_of(prediction, []), groups=())
        writer.close()
        assert empty is not None
        write_json(stage / "dataset.json", description(empty))


def _writer(task: Task) -> type[Writer]:
    if task.kind == "classification":
        return WholeWriter
    return SignalWriter if task.rank == 1 else ImageWriter


def _formats(formats: Sequence[str] | None, kind: type[Writer], task: Task) -> tuple[str, ...]:
    if formats is None:
        return kind.usual
    for name in formats:
        if name not in FORMATS:
            raise InputError(f'formats: expected names among {", ".join(FORMATS)}. Received "{name}"')
        if name not in kind.serves:
            held = f"labels of {task.unit}" if task.kind == "classification" else task.item
            raise InputError(
                f'formats: expected names among {", ".join(kind.serves)}, which hold {held}. Received "{name}"'
            )
    return tuple(formats)


def _subject(run: Run) -> Subject:
    return Subject(run.task, run.labels, tuple(run.about["channels"]), run.about["sampling_rate_hz"])


def _warned(warn: Callable[[str], None], names: Sequence[str], number: int, told: str) -> None:
    warn(f"{names[number]} is unlike the recordings of training: {told}")


def _decoded(
    run: Run, entries: Sequence[Entry], scores: Path | None, warn: Callable[[str], None]
) -> Iterator[tuple[Entry, Prediction]]:
    """The prediction of each recording as it comes, or of all together where the decoder learns from them."""
    decoder = decoding.restore(run.decoder)
    if not decoder.adapts():
        yield from _predictions(run, entries, scores, warn)
        return
    with tempfile.TemporaryDirectory(prefix="segmend-") as place:
        known, shapes = [], []
        with (Path(place) / "probabilities").open("wb") as file:
            for entry, one in _predictions(run, entries, scores, warn):
                assert one.y_prob is not None
                shapes.append(one.y_prob[0].shape)
                file.write(np.ascontiguousarray(one.y_prob[0], np.float32).data)
                known.append((entry, dataclasses.replace(one, y_pred=(), y_prob=None)))
        y_prob = _views(Path(file.name), shapes)
        site = decoder.adapted(y_prob)
        for (entry, one), rows in zip(known, y_prob, strict=True):
            yield entry, answered(dataclasses.replace(one, y_prob=(rows,)), [site.decode(rows)])


def _views(path: Path, shapes: Sequence[tuple[int, ...]]) -> list[FloatArray]:
    """Arrays that lie one after the other in one file, of which so many need not be open as there are arrays."""
    ends = np.cumsum([0, *map(math.prod, shapes)]).tolist()
    every = np.memmap(path, np.float32, "r") if ends[-1] else np.zeros(0, np.float32)
    return [every[first:last].reshape(shape) for first, last, shape in zip(ends, ends[1:], shapes, strict=False)]


def _predictions(
    run: Run, entries: Sequence[Entry], scores: Path | None, warn: Callable[[str], None]
) -> Iterator[tuple[Entry, Prediction]]:
    """The prediction of each recording; probabilities go into a folder, those of each step as they come."""
    if scores is not None:
        scores.mkdir()
    whole = run.task.kind == "classification"
    size = TOGETHER if whole else 1
    for first in range(0, len(entries), size):
        part = entries[first : first + size]
        out = None if whole or scores is None else [_memmap(scores / f"{entry.name}.npy") for entry in part]
        named = tuple(entry.name for entry in part)
        found = run.predict_many([entry.source for entry in part], out=out, strange=partial(_warned, warn, named))
        found = dataclasses.replace(found, names=named)
        for entry in part:
            one = part_of(found, [entry.name])
            if whole and scores is not None and one.y_prob is not None:
                np.save(scores / f"{entry.name}.npy", one.y_prob[0])
            yield entry, one


def _memmap(path: Path) -> Any:
    def allocate(shape: tuple[int, ...]) -> Any:
        return np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)

    return allocate
