"""What people see while training runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import keras

SHOWN = {"val_segment_f1@50": "segment F1@50", "val_count_ratio": "count ratio"}


class ProgressBar(keras.callbacks.Callback):
    """A bar on a terminal with the validation score and the time left.

    Args:
        seconds: wall clock that training may take, None if it has no limit.
        started: reading of ``time.monotonic()`` at which the time began to run.
    """

    after = True

    def __init__(self, *, seconds: float | None, started: float) -> None:
        super().__init__()
        self.seconds, self.started = seconds, started
        self.scores = "no score yet"
        self.batches = 0

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Show the bar."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (TextColumn("training"), BarColumn(), TextColumn("{task.description}"))
        self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self.task = self.bar.add_task(self.scores, total=1.0)
        self.bar.start()

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Move on."""
        self.batches += 1
        self._show()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Show the epoch's scores."""
        self.scores = summary(logs or {})
        self._show()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Take the bar away."""
        self.bar.stop()

    def _show(self) -> None:
        by_steps = self.batches / max(self.params["steps"] * self.params["epochs"], 1)
        spent = time.monotonic() - self.started
        done = by_steps if self.seconds is None else max(by_steps, spent / self.seconds)
        left = spent / max(by_steps, 1e-6) - spent
        left = left if self.seconds is None else min(left, self.seconds - spent)
        text = f"{self.scores}, {max(left, 0):.0f} s left"
        self.bar.update(self.task, completed=min(done, 1.0), description=text)


class EpochLines(keras.callbacks.Callback):
    """One line for each epoch.

    Args:
        say: takes a line.
    """

    after = True

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__()
        self.say = say

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Say the epoch's loss and scores."""
        logs = logs or {}
        self.say(f"epoch {epoch + 1}: loss {logs.get('loss', float('nan')):.4f}, {summary(logs)}")


def summary(logs: Mapping[str, Any]) -> str:
    """The scores that people look at.

    Examples:
        >>> summary({"loss": 0.3, "val_segment_f1@50": 0.91, "val_count_ratio": 1.02})
        'segment F1@50 0.910, count ratio 1.020'
    """
    return ", ".join(f"{text} {logs[name]:.3f}" for name, text in SHOWN.items() if name in logs) or "no score yet"
