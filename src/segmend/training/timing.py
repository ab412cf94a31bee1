"""How much training the seconds hold, from real steps and a real validation."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from segmend.training.settings import Settings

TIMED = 6
VALIDATION_SHARE = 0.25


class Batches(Protocol):
    """What ``fit`` needs of batches: a PyDataset whose epochs may be given another length."""

    steps: int

    def __len__(self) -> int: ...

    def __getitem__(self, number: int) -> tuple[Any, Any]: ...


def affordable(
    model: Any, batches: Batches, settings: Settings, *, callbacks: Sequence[Any], started: float
) -> tuple[int, int]:
    """Steps and epochs to plan for.

    Without a limit these are the settings'. Otherwise a few steps are trained at a tenth of the learning rate and
    the callbacks that can ``measure`` do so, each once to compile and once on the clock. Epochs are cut to those
    whose validation takes at most a quarter of the time left, steps to those that fit beside it.

    Args:
        model: compiled.
        batches: to train on.
        settings: steps, epochs and seconds.
        callbacks: those with a method ``measure`` validate.
        started: reading of ``time.monotonic()`` at which the seconds began to run.
    """
    if settings.seconds is None:
        return settings.steps, min(settings.epochs, settings.steps)
    batches.steps = TIMED
    model.optimizer.learning_rate = 0.1 * settings.learning_rate

    def train() -> None:
        model.fit(batches, epochs=1, verbose=0, shuffle=False)

    def validate() -> None:
        for callback in callbacks:
            if hasattr(callback, "measure"):
                callback.measure()

    step = _timed(train) / TIMED
    validation = _timed(validate)
    left = max(settings.seconds - (time.monotonic() - started), 0.0)
    return divide(left, step, validation, settings)


def divide(left: float, step: float, validation: float, settings: Settings) -> tuple[int, int]:
    """Steps and epochs for the seconds left.

    Examples:
        >>> divide(100.0, step=0.1, validation=0.0, settings=Settings(steps=5000, epochs=40))
        (1000, 40)
        >>> divide(100.0, step=0.1, validation=5.0, settings=Settings(steps=5000, epochs=40))
        (750, 5)
        >>> divide(100.0, step=0.1, validation=0.1, settings=Settings(steps=200, epochs=40))
        (200, 40)
    """
    epochs = settings.epochs
    if validation > 0:
        epochs = max(1, min(epochs, int(VALIDATION_SHARE * left / validation)))
    steps = max(1, min(settings.steps, int((left - epochs * validation) / step)))
    return steps, min(epochs, steps)


def _timed(work: Callable[[], None]) -> float:
    """Seconds that the second call takes; the first one compiles."""
    work()
    began = time.monotonic()
    work()
    return time.monotonic() - began
