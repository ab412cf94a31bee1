"""segmend: the doctor for models that miscount.

Names are imported on first use, so that ``import segmend`` costs nothing and no command loads a deep-learning framework
that it does not need.
"""

from __future__ import annotations

import importlib
from typing import Any

from segmend.core.backend import choose_backend

__version__ = "0.1.0"

_ON_KERAS = ("augmentation", "callbacks", "check_weights", "losses", "metrics", "models", "receptive_field")

_MODULES = ("augmentation", "callbacks", "losses", "metrics", "models")

_HOMES = {
    "Segments": "segmend.core.segments",
    "audit": "segmend.pipeline.audit",
    "check_weights": "segmend.training",
    "class_weights": "segmend.core.weights",
    "compare": "segmend.pipeline.compare",
    "compare_conventions": "segmend.pipeline.score",
    "diagnose": "segmend.pipeline.diagnose",
    "export": "segmend.pipeline.export",
    "fingerprint": "segmend.pipeline.fingerprint",
    "load": "segmend.pipeline.load",
    "load_mended": "segmend.pipeline.results.mended",
    "load_run": "segmend.pipeline.results.run",
    "mend": "segmend.pipeline.mend",
    "plan": "segmend.pipeline.plan",
    "receptive_field": "segmend.anatomy",
    "score": "segmend.pipeline.score",
    "step_weights": "segmend.core.weights",
    "train": "segmend.pipeline.train",
    "tune": "segmend.pipeline.tune",
    "windows": "segmend.core.windows",
}

__all__ = [*_HOMES, *_MODULES]  # noqa: PLE0604 - names of lazily imported attributes


def __getattr__(name: str) -> Any:
    if name in _ON_KERAS:
        choose_backend()
    if name in _HOMES:
        value = getattr(importlib.import_module(_HOMES[name]), name)
    elif name in _MODULES:
        value = importlib.import_module(f"segmend.{name}")
    else:
        raise AttributeError(f"module 'segmend' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
