"""The ruler: levels give counts, readings of counts give scores; matching, error kinds, oracles, presets.

``score``, ``soft_scores`` and ``tally`` are the doors; ``oracle.ladder``, ``objective.parse``, ``bootstrap.paired``,
``ranking`` and ``readings`` stand beside them. Nothing is imported before it is asked for.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "SoftScores": "segmend.scoring.steps.soft",
    "Tally": "segmend.scoring.tallies",
    "score": "segmend.scoring.scores",
    "soft_scores": "segmend.scoring.steps.soft",
    "tally": "segmend.scoring.tallies",
}

__all__ = [*_HOMES]  # noqa: PLE0604 - names of lazily imported attributes


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'segmend.scoring' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
