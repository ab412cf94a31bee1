"""A training that is compared with others on its way, and ended where it is not worth going on with."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import keras

RUNGS = 10
"""Shares of a training at which it is compared."""


class Rungs(keras.callbacks.Callback):
    """Tells the best score so far at each tenth of a training.

    Trainings of other lengths meet at the same rungs: an epoch that reaches several of them is told at each.

    Args:
        go_on: given the best score so far and the rung, from 1 to 10, says whether training goes on; not called before
            the score is a number, and not heeded by the last epoch: what is complete counts.
        alive: asked after each epoch; False ends the training too.
        monitor: the log that is told; larger is better.
    """

    after = True

    def __init__(
        self, go_on: Callable[[float, int], bool], *, alive: Callable[[], bool], monitor: str = "val_objective"
    ) -> None:
        super().__init__()
        self.go_on, self.alive, self.monitor = go_on, alive, monitor
        self.best, self.rung, self.given_up = -math.inf, 0, False

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Tell the rungs that this epoch reached."""
        value = float((logs or {}).get(self.monitor, math.nan))
        self.best = max(self.best, -math.inf if math.isnan(value) else value)
        reached = RUNGS * (epoch + 1) // max(1, self.params["epochs"])
        while math.isfinite(self.best) and self.rung < reached and not self.given_up:
            self.rung += 1
            self.given_up = not self.go_on(self.best, self.rung) and reached < RUNGS
        if self.given_up or not self.alive():
            self.model.stop_training = True
