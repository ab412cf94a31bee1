"""How much training the seconds hold, from real steps and a real validation."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from segmend.errors import InputError
from segmend.training.settings import Settings

TIMED = 6
TIMING_SHARE = 0.05
"""Of the time left, what another look at the clock may take."""

VALIDATION_SHARE = 0.25


class TooLittleTimeError(InputError):
    """The seconds were gone before there was anything to train."""


class Batches(Protocol):
    """What ``fit`` needs of batches: a PyDataset whose epochs may be given another length."""

    steps: int

    def __len__(self) -> int: ...

    def __getitem__(self, number: int) -> tuple[Any, Any]: ...


def affordable(
    model: Any,
    batches: Batches,
    settings: Settings,
    *,
    callbacks: Sequence[Any],
    started: float,
    undo: Callable[[], None] = lambda: None,
) -> tuple[int, int]:
    """Steps and epochs to plan for.

    Without a limit these are the settings'. Otherwise one step is trained at a tenth of the learning rate, which
    compiles, then another on the clock, or a few where they are quick. The callbacks that can ``measure`` do so once to
    compile, and once more on the clock where that is quick; one that tells how long it ``lasted`` is believed. Epochs
    are cut to those whose validation takes at most a quarter of the time left, steps to those that fit beside it.

    Args:
        model: compiled.
        batches: to train on.
        settings: steps, epochs and seconds.
        callbacks: those with a method ``measure`` validate.
        started: reading of ``time.monotonic()`` at which the seconds began to run.
        undo: puts everything back as it was; called after each look at the clock.

    Raises:
        TooLittleTimeError: the seconds were gone after the first step or the first validation.
    """
    if settings.seconds is None:
        return settings.steps, min(settings.epochs, settings.steps)
    seconds = settings.seconds

    def train(steps: int) -> float:
        batches.steps = steps
        model.optimizer.learning_rate = 0.1 * settings.learning_rate
        seconds = clocked(lambda: model.fit(batches, epochs=1, verbose=0, shuffle=False))
        undo()
        return seconds / steps

    def left() -> float:
        rest = started + seconds - time.monotonic()
        if rest <= 0:
            raise TooLittleTimeError(
                f"seconds: expected time to train beyond the {seconds - rest:.3g} s of getting ready. "
                f"Received {seconds:.3g}"
            )
        return rest

    left()
    train(1)
    left()
    step = train(1)
    if TIMED * step < TIMING_SHARE * left():
        step = train(TIMED)
    validation = sum(_validation(callback, left()) for callback in callbacks if hasattr(callback, "measure"))
    undo()
    return divide(left(), step, validation, settings)


def clocked(work: Callable[[], Any]) -> float:
    """Seconds that a call takes."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _validation(callback: Any, left: float) -> float:
    """Seconds of one validation: the second one, since the first may compile, unless the first took long."""
    if hasattr(callback, "lasted"):
        return float(callback.lasted)
    first = clocked(callback.measure)
    return first if first > TIMING_SHARE * left else clocked(callback.measure)


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
