"""A model trained again in the place of the one in its RUN."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from segmend.pipeline.results.run import Run, load_run
from segmend.pipeline.retraining.short_lived import short_lived
from segmend.pipeline.runs import run_folder


def in_place_of(run: Run, model: Any) -> Run:
    """The RUN with another model in it: what plans say of windows and levels holds for that one too.

    Args:
        run: stays as it is.
        model: a Keras model that takes and answers what the run's does.

    Returns:
        A Run whose folder is there as long as it is.
    """

    def changed(folder: Path) -> Run:
        folder.mkdir()
        kept = (run_folder.RUN, run_folder.PLAN, run_folder.FINGERPRINT, run_folder.DECODER)
        run_folder.copy_parts(run.path, folder, kept)
        model.save(folder / run_folder.MODEL)
        return load_run(folder)

    return short_lived(changed)
