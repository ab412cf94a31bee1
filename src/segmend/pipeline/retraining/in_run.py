"""A model trained again in the place of the one in its RUN."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from segmend.core.files import write_json
from segmend.pipeline.results.run import Run, load_run
from segmend.pipeline.retraining.short_lived import short_lived
from segmend.pipeline.runs import run_folder


def in_place_of(run: Run, model: Any, *, networks: int | None = None) -> Run:
    """The RUN with another model in it: what plans say of windows and levels holds for that one too.

    Args:
        run: stays as it is.
        model: a Keras model that takes and answers what the run's does.
        networks: how many it averages, as run.json is to say; None leaves what that says.

    Returns:
        A Run whose folder is there as long as it is.
    """

    def changed(folder: Path) -> Run:
        folder.mkdir()
        kept = (run_folder.RUN, run_folder.PLAN, run_folder.FINGERPRINT, run_folder.DECODER)
        run_folder.copy_parts(run.path, folder, kept)
        if networks is not None:
            write_json(folder / run_folder.RUN, {**run.about, "networks": networks})
        model.save(folder / run_folder.MODEL)
        return load_run(folder)

    return short_lived(changed)
