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
from segmend.pipeline.results.run import load_run
from segmend.pipeline.runs import run_folder


def predict_files(
    run: Path | str,
    files: Sequence[Path | str],
    *,
    out: Path | str,
    probabilities: bool = False,
    overwrite: bool = False,
    done: Callable[[str, dict[str, int]], None] = lambda name, counts: None,
) -> None:
    """Predict recordings and write a PRED folder: segments as CSV and for Audacity, on request probabilities.

    Args:
        run: a RUN folder.
        files: signal files, folders of them, or DATA folders.
        out: the folder to write; it appears whole or not at all.
        probabilities: also write ``scores/NAME.npy``.
        overwrite: replace a folder that holds files.
        done: called with each recording's name and its counts by class.

    Raises:
        InputError: a file cannot be read, does not fit the model, or the output folder holds files.
    """
    loaded, paths = load_run(run), _files(files)
    require_free(Path(out), overwrite=overwrite)
    with staged_folder(Path(out), overwrite=overwrite) as stage:
        (stage / "segments").mkdir()
        if probabilities:
            (stage / "scores").mkdir()
        for path in paths:
            scores = stage / "scores" / f"{path.stem}.npy" if probabilities else None
            prediction = loaded.predict(path, out=None if scores is None else _memmap(scores))
            table = Segments.from_steps(prediction.y_pred[0], prediction.labels.background)
            target = stage / "segments" / path.stem
            run_folder.write_segments(target.with_name(f"{path.stem}.csv"), [path.stem], [table], prediction.labels)
            _write_audacity(target.with_name(f"{path.stem}.txt"), table, prediction.labels, prediction.sampling_rate_hz)
            done(path.stem, counts(table, prediction.labels))
        empty = dataclasses.replace(prediction, names=(), groups=())
        write_json(stage / "dataset.json", run_folder.description(empty))


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


def _write_audacity(path: Path, table: Segments, labels: Labels, rate: float | None) -> None:
    """Audacity's label track: start, end and label, in seconds where the rate is known, else in steps."""
    scale = 1.0 if rate is None else 1.0 / rate
    rows = (f"{start * scale:.6f}\t{stop * scale:.6f}\t{labels.names[label]}\n" for start, stop, label in table.rows())
    path.write_text("".join(rows), encoding="utf-8")
