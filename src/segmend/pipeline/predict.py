"""The verb ``predict``: segments and counts of new recordings."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from segmend.core.files import require_free, staged_folder, write_json
from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.errors import InputError
from segmend.formats.audacity import Audacity
from segmend.formats.audio import Audio
from segmend.formats.csv_annotations import CsvAnnotations
from segmend.formats.label_studio import LabelStudio
from segmend.formats.wav import Wav
from segmend.pipeline.results.run import load_run
from segmend.pipeline.runs.rows import in_seconds, rows_of
from segmend.pipeline.runs.write_predictions import description

FORMATS = ("csv", "audacity", "label-studio")
"""What segments can be written as."""


def predict_files(
    run: Path | str,
    files: Sequence[Path | str],
    *,
    out: Path | str,
    probabilities: bool = False,
    formats: Sequence[str] = ("audacity",),
    overwrite: bool = False,
    done: Callable[[str, dict[str, int]], None] = lambda name, counts: None,
) -> None:
    """Predict recordings and write a PRED folder: segments as CSV and for other tools, on request probabilities.

    Args:
        run: a RUN folder.
        files: signal files, folders of them, or DATA folders.
        out: the folder to write; it appears whole or not at all.
        probabilities: also write ``scores/NAME.npy``.
        formats: beside ``segments/NAME.csv``: "audacity" for ``segments/NAME.txt``, "label-studio" for one
            ``label-studio.json`` with a task for each recording, to import and correct; "csv" adds nothing.
        overwrite: replace a folder that holds files.
        done: called with each recording's name and its counts by class.

    Raises:
        InputError: an unknown format, a file that cannot be read or does not fit the model, or an output folder that
            holds files.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise InputError(f'formats: expected names among {", ".join(FORMATS)}. Received "{unknown[0]}"')
    loaded, paths = load_run(run), _files(files)
    require_free(Path(out), overwrite=overwrite)
    with staged_folder(Path(out), overwrite=overwrite) as stage:
        (stage / "segments").mkdir()
        if probabilities:
            (stage / "scores").mkdir()
        tables: list[Segments] = []
        for path in paths:
            scores = stage / "scores" / f"{path.stem}.npy" if probabilities else None
            prediction = loaded.predict(path, out=None if scores is None else _memmap(scores))
            tables.append(Segments.from_steps(prediction.y_pred[0], prediction.labels.background))
            rows = rows_of([path.stem], tables[-1:], prediction.labels)
            CsvAnnotations().write(stage / "segments" / f"{path.stem}.csv", rows)
            if "audacity" in formats:
                seconds = in_seconds(rows, prediction.sampling_rate_hz)
                Audacity().write(stage / "segments" / f"{path.stem}.txt", seconds)
            done(path.stem, counts(tables[-1], prediction.labels))
        if "label-studio" in formats:
            names = [path.stem for path in paths]
            rows = in_seconds(rows_of(names, tables, prediction.labels), prediction.sampling_rate_hz)
            heard = all(path.suffix.lower() in (*Wav.suffixes, *Audio.suffixes) for path in paths)
            LabelStudio("labels" if heard else "timeserieslabels", names).write(stage / "label-studio.json", rows)
        empty = dataclasses.replace(prediction, names=(), groups=())
        write_json(stage / "dataset.json", description(empty))


def counts(table: Segments, labels: Labels) -> dict[str, int]:
    """Number of segments of each class but the background."""
    number = np.bincount(table.label, minlength=len(labels)).tolist()
    return {labels.names[k]: number[k] for k in labels.foreground}


def _files(given: Sequence[Path | str]) -> list[Path]:
    """Every signal file, folders opened; names must differ, since results are filed by name."""
    from segmend.loading.signals import signal_formats

    known, found = signal_formats(), []
    for each in map(Path, given):
        path = each / "signals" if (each / "signals").is_dir() else each
        inside = sorted(p for p in path.iterdir() if p.suffix.lower() in known) if path.is_dir() else [path]
        if not inside:
            raise InputError(f"{path}: expected signal files ({', '.join(sorted(known))}). Received a folder without")
        found += inside
    if not found:
        raise InputError("files: expected one recording or more. Received none")
    names: dict[str, Path] = {}
    for path in found:
        if path.stem in names:
            raise InputError(
                f'files: expected distinct names. Received "{path.stem}" twice: {names[path.stem]}, {path}'
            )
        names[path.stem] = path
    return found


def _memmap(path: Path) -> Any:
    def allocate(shape: tuple[int, ...]) -> Any:
        return np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)

    return allocate
