"""The best epoch by a validation score that may be undefined."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np


class KeepBest(keras.callbacks.EarlyStopping):
    """Keras' early stopping, where an epoch whose score is missing or no number neither counts nor warns."""

    def get_monitor_value(self, logs: Mapping[str, Any] | None) -> float | None:
        """The score of an epoch, None where there is none."""
        value = (logs or {}).get(self.monitor)
        return None if value is None or math.isnan(value) else float(value)


def best_epoch(scores: Sequence[float]) -> int | None:
    """The first epoch with the highest score, as ``KeepBest`` chooses it; None where none is a number.

    Examples:
        >>> best_epoch([float("nan"), 0.2, 0.5, 0.5]), best_epoch([float("nan")])
        (2, None)
    """
    known = np.array(scores, np.float64)
    return None if np.isnan(known).all() else int(np.nanargmax(known))
