"""How somebody's model is run outside training."""

from __future__ import annotations

import inspect
from typing import Any


def at_rest(model: Any) -> dict[str, Any]:
    """The argument with which a model answers as in prediction; empty where its ``call`` takes none.

    Examples:
        >>> import keras
        >>> class Plain(keras.Model):
        ...     def call(self, x):
        ...         return x
        >>> at_rest(Plain()), at_rest(keras.Sequential([keras.Input((3,)), keras.layers.Dropout(0.5)]))
        ({}, {'training': False})
    """
    return {"training": False} if "training" in inspect.signature(model.call).parameters else {}
