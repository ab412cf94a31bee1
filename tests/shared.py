"""Where the shared real data lie, and the reason that a test gives when they are not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("SEGMEND_SHARED", Path(__file__).parents[1].parent / "shared"))


def shared(*parts: str) -> Path:
    """A folder of the shared data, such as ``shared("datasets", "ludb")``; skips the test where it is absent."""
    path = ROOT.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"real data are not here: {'/'.join(parts)} (SEGMEND_SHARED names their folder)")
    return path
