"""Training that ends on time: the learning rate follows the share of steps or seconds that is used up."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import keras

from segmend.training.settings import Settings
from segmend.training.states import State


class Pace(keras.callbacks.Callback):
    """Sets the learning rate of each epoch, and stops before the time is over or when the loss breaks.

    Args:
        settings: of the training.
        epochs: epochs that are planned.
        started: reading of ``clock`` at which the time began to run.
        clock: seconds, monotonic.
    """

    def __init__(self, settings: Settings, *, epochs: int, started: float, clock: Callable[[], float]) -> None:
        super().__init__()
        self.settings, self.epochs, self.started, self.clock = settings, epochs, started, clock
        self.began = started
        self.stopped_because: str | None = None
        self.epoch_began = started
        self.longest = 0.0
        self.rate = settings.learning_rate

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Compiling and timing lie behind: a rate that counted them would differ from machine to machine."""
        self.began = self.clock()

    def get_state(self) -> State:
        """Time that went by before the first epoch, and the slowest epoch."""
        return {"ready": self.began - self.started, "longest": self.longest, "because": self.stopped_because}

    def set_state(self, state: State) -> None:
        """Go on as if there had been no interruption."""
        self.began = self.started + state["ready"]
        self.longest, self.stopped_because = state["longest"], state["because"]

    def used(self, epoch: int) -> float:
        """Share of the training that lies behind, by steps or by time, whichever is more."""
        by_steps = epoch / self.epochs
        if self.settings.seconds is None or not epoch:  # a first epoch that read the clock would differ each time
            return min(by_steps, 1.0)
        seconds = max(self.started + self.settings.seconds - self.began, 1e-9)
        return min(max(by_steps, (self.clock() - self.began) / seconds), 1.0)

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Set this epoch's learning rate."""
        self.epoch_began = self.clock()
        middle = self.used(epoch) + 0.5 / self.epochs
        self.rate = self.settings.learning_rate * rate(middle, self.settings.schedule, self.settings.warmup)
        self.model.optimizer.learning_rate = self.rate

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Stop when the loss is no number, or when another epoch would not fit."""
        logs = logs if logs is not None else {}
        logs["learning_rate"] = self.rate
        now = self.clock()
        logs["seconds"] = now - self.started
        # The first epoch may hold compilation; after it the slowest epoch is what the next one may take.
        self.longest = max(self.longest, now - self.epoch_began) if epoch else 0.0
        duration = self.longest or (now - self.epoch_began)
        if not math.isfinite(logs.get("loss", 0.0)):
            self._stop("the loss is not finite")
        elif self.settings.seconds is not None and now + duration > self.started + self.settings.seconds:
            self._stop("the budget is used up")

    def _stop(self, because: str) -> None:
        self.stopped_because = because
        self.model.stop_training = True


def rate(used: float, schedule: str, warmup: float) -> float:
    """Factor of the highest learning rate after a share of the training.

    Examples:
        >>> [round(rate(used, "cosine", 0.1), 2) for used in (0.05, 0.1, 0.55, 1.0)]
        [0.5, 1.0, 0.5, 0.0]
        >>> rate(0.9, "constant", 0.1)
        1.0
    """
    if used < warmup:
        return used / warmup
    if schedule == "constant":
        return 1.0
    rest = min((used - warmup) / (1 - warmup), 1.0)
    return 0.5 * (1 + math.cos(math.pi * rest))
