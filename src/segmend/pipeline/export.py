"""The verb ``export``: a RUN's network as a file for other runtimes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from segmend import __version__
from segmend.core.backend import choose_backend
from segmend.core.files import require_file, staged_file
from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.pipeline.results.run import Run, load_run
from segmend.pipeline.runs import run_folder
from segmend.planning import Values

TILES = 4
"""Tiles that file and model are compared on."""


def export(run: Run | Path | str, *, out: Path | str | None = None, overwrite: bool = False) -> Path:
    """Write the network of a RUN as an ONNX file, which has been compared with it.

    The input ``signal`` is ``(tiles, *size, channels)`` float32, raw samples at the rate of training; the output
    ``probabilities`` is ``(tiles, *size, classes)``, or ``(tiles, classes)`` where a recording has one answer. The
    metadata "segmend" say, as JSON, how recordings are cut into tiles and what is done before and after, the decoder
    included: ``segmend.tiling.predict`` with these numbers gives what ``Run.predict`` gives.

    Args:
        run: a run, or its folder.
        out: the file to write; RUN/model.onnx by default.
        overwrite: replace a file.

    Returns:
        The file that was written.

    Raises:
        InputError: a folder that is no RUN or has no plan, a file or a folder that is there already, Keras on another
            backend than JAX, a network that cannot be converted, or a file whose probabilities differ by more than
            1e-5.
        MissingDependencyError: a package is missing; the message names the extra.
    """
    run = run if isinstance(run, Run) else load_run(run)
    file = run.path / "model.onnx" if out is None else Path(out)
    if not (run.path / run_folder.PLAN).is_file():
        raise InputError(f"{run.path}: expected a run with {run_folder.PLAN}, which says what its network sees")
    require_file(file)
    if file.exists() and not overwrite:
        raise InputError(f"{file}: expected a free place (--overwrite replaces it). Received a file that is there")
    values = run.values
    choose_backend()
    from segmend.pipeline.runs.onnx_file import require_converter, write_onnx

    require_converter()
    with staged_file(file) as stage:
        write_onnx(run.model, stage, tiles=_tiles(values, run), about=told(run, values))
    return file


def told(run: Run, values: Values) -> dict[str, Any]:
    """What is to be known beside the network: its labels, how recordings are cut, and what comes before and after.

    Args:
        run: whose network it is.
        values: of its plan.
    """
    from segmend.pipeline.runs.translate import tiles_of

    own = values.window.standardize == "recording"
    return {
        "schema": 1,
        "version": __version__,
        "task": {"kind": run.task.kind, "labels": run.task.labels, "rank": run.task.rank},
        "labels": list(run.labels.names),
        "background": run.labels.background,
        "channels": list(run.about["channels"]),
        "sampling_rate_hz": run.about["sampling_rate_hz"],
        "tiles": {**tiles_of(values), "fit": values.window.fit},
        "standardize": values.window.standardize,
        "preprocessing": "each channel of a recording minus its mean, by its standard deviation (1 where that is 0)"
        if own
        else "none: the network scales raw samples itself",
        "decoder": run.decoder.to_dict(),
    }


def _tiles(values: Values, run: Run) -> FloatArray:
    """Tiles with the level and spread of the training data, where these are known, as the network is given them."""
    shape = (TILES, *(values.window.tile,) * run.task.rank, len(run.about["channels"]))
    tiles = np.random.default_rng(0).normal(size=shape)
    if values.window.standardize == "data" and (run.path / run_folder.FINGERPRINT).is_file():
        channels = run.fingerprint.channels
        tiles = tiles * [channel.std or 1.0 for channel in channels] + [channel.mean or 0.0 for channel in channels]
    return tiles.astype(np.float32)
