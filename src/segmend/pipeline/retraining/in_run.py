"""A model trained again in the place of the one in its RUN."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any

from segmend.pipeline.results.run import Run, load_run
from segmend.pipeline.runs import run_folder


def in_place_of(run: Run, model: Any) -> Run:
    """The RUN with another model in it: what plans say of windows and levels holds for that one too.

    Args:
        run: stays as it is.
        model: a Keras model that takes and answers what the run's does.

    Returns:
        A Run whose folder is there as long as it is.
    """
    place = tempfile.TemporaryDirectory(prefix="segmend-")
    folder = Path(place.name) / "run"
    folder.mkdir()
    for name in (run_folder.RUN, run_folder.PLAN, run_folder.FINGERPRINT, run_folder.DECODER):
        if (run.path / name).is_file():
            shutil.copyfile(run.path / name, folder / name)
    model.save(folder / run_folder.MODEL)
    changed = load_run(folder)
    weakref.finalize(changed, place.cleanup)
    return changed
