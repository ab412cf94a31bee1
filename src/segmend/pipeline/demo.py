"""The verb ``demo``: from a model that miscounts to a count that is right, on real recordings."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from segmend.core.backend import choose_backend
from segmend.core.files import require_free, staged_folder, write_json
from segmend.pipeline.demos import data as demo_data
from segmend.pipeline.demos.story import Demo, Say, Story

__all__ = ["demo"]


def demo(out: str | Path, *, seed: int = 0, overwrite: bool = False, say: Say = lambda line: None) -> Demo:
    """Train, diagnose, mend, train with a plan, and compare on people that nothing was trained or tuned on.

    Args:
        out: folder for data, models, report.html and demo.json.
        seed: seed of everything random: the order of exercises, weights, windows, folds.
        overwrite: replace a folder that holds files.
        say: told what happens.

    Returns:
        The scores of all three results.

    Raises:
        MissingDependencyError: the recordings or a Keras backend are not installed.
        OutputExistsError: the folder holds files.
    """
    out = Path(out)
    require_free(out, overwrite=overwrite)
    wrist = demo_data.read(demo_data.find())
    choose_backend()
    with staged_folder(out, overwrite=overwrite) as folder:
        told = Story(folder, seed, say).tell(wrist)
        write_json(folder / "demo.json", told.to_dict())
    return dataclasses.replace(told, path=out)
