"""What can be known of a model from outside: layers, outputs, receptive field.

Names are imported on first use, since they bring Keras or PyTorch with them.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "of_callable": "segmend.anatomy.callables",
    "of_keras": "segmend.anatomy.keras_model",
    "of_torch": "segmend.anatomy.torch_model",
    "receptive_field": "segmend.anatomy.keras_model",
}

__all__ = [*_HOMES]  # noqa: PLE0604 - names of lazily imported attributes


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'segmend.anatomy' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
