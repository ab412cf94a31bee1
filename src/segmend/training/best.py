"""The best epoch by a validation score that may be undefined."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from segmend.training.states import State


class KeepBest(keras.callbacks.EarlyStopping):
    """Keras' early stopping, where an epoch whose score or loss is missing or no number neither counts nor warns."""

    def get_monitor_value(self, logs: Mapping[str, Any] | None) -> float | None:
        """The score of an epoch, None where there is none."""
        logs = logs or {}
        value = logs.get(self.monitor)
        if value is None or math.isnan(value) or not math.isfinite(logs.get("loss", 0.0)):
            return None
        return float(value)

    def get_state(self) -> State:
        """The best epoch so far, its weights, and how long there was none better."""
        return {name: getattr(self, name) for name in ("wait", "stopped_epoch", "best", "best_epoch", "best_weights")}

    def set_state(self, state: State) -> None:
        """Go on from that epoch."""
        for name, value in state.items():
            setattr(self, name, value)


def best_epoch(scores: Sequence[float], losses: Sequence[float]) -> int | None:
    """The first epoch with the highest score, as ``KeepBest`` chooses it; None where none is a number.

    Examples:
        >>> nan = float("nan")
        >>> best_epoch([nan, 0.2, 0.5, 0.5], [0.3, 0.2, 0.1, 0.1]), best_epoch([nan, 0.5], [0.3, nan])
        (2, None)
    """
    known = np.where(np.isfinite(losses), np.array(scores, np.float64), np.nan)
    return None if np.isnan(known).all() else int(np.nanargmax(known))
