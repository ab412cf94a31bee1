"""Runs whose folder is there as long as they are."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path

from segmend.pipeline.results.run import Run


def short_lived(make: Callable[[Path], Run]) -> Run:
    """A run in a folder that goes with it; where it cannot be made, nothing is left behind.

    Args:
        make: given a path where there is nothing yet, writes the RUN and returns it.
    """
    place = tempfile.TemporaryDirectory(prefix="segmend-")
    try:
        run = make(Path(place.name) / "run")
    except BaseException:
        place.cleanup()
        raise
    weakref.finalize(run, place.cleanup)
    return run
