"""The one way to train: a planned model and a stranger's take the same path."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from segmend.artifacts.history import History
from segmend.callbacks.loss_schedule import make_steps_again
from segmend.training.averaged import AveragedWeights, momentum
from segmend.training.best import KeepBest, best_epoch
from segmend.training.checkpoint import Checkpoint, Course, read
from segmend.training.not_finite import refusal
from segmend.training.pace import Pace
from segmend.training.settings import Settings
from segmend.training.states import ModelState, by_kind, set_states, states_of
from segmend.training.timing import Batches, affordable

CLIP = 1.0
"""Norm to which the gradient of all weights together is clipped: one odd batch must not undo many."""


def fit(
    model: Any,
    batches: Batches,
    settings: Settings,
    *,
    loss: Any,
    callbacks: Sequence[Any] = (),
    started: float | None = None,
    checkpoint: Path | None = None,
) -> History:
    """Train, keep the weights of the best epoch, and end on time.

    A few real steps are timed first, and undone; from them follows how many steps the seconds hold. The learning rate
    follows the share of steps or seconds used, so that a slower machine still sees the whole schedule.

    Args:
        model: Keras model; it is compiled here, and its weights are changed.
        batches: a ``keras.utils.PyDataset`` with an attribute ``steps``, such as ``WindowBatches``.
        settings: how to optimise, and for how long.
        loss: Keras loss.
        callbacks: Keras callbacks; one of them writes ``settings.monitor`` into the epoch's logs (``SegmentScore``).
            Those with a true ``after`` attribute run last, and see all logs. What they remember is kept at
            ``checkpoint`` where they have ``get_state`` and ``set_state``.
        started: reading of ``time.monotonic()`` at which the seconds began to run; now by default.
        checkpoint: file to keep the course of training in, epoch by epoch. Where it is there already, training goes on
            from it, to the same history as if it had never been interrupted; the same model, batches, settings and
            callbacks are to be given again.

    Returns:
        One column per log; ``best_epoch`` counts from 0 and is None where the monitored score was never a number,
        which leaves the last weights.

    Raises:
        InputError: ``checkpoint`` is no checkpoint.
        NotFiniteError: the loss of the first epoch is no number; the message says what probing found out.
        TooLittleTimeError: the seconds were gone before there was anything to train.
    """
    started = time.monotonic() if started is None else started
    keras.utils.set_random_seed(settings.seed)
    model.compile(optimizer=_optimizer(settings), loss=loss)
    callbacks = [*([AveragedWeights()] if settings.average else []), *callbacks]
    parts = {"model": ModelState(model, batches), "batches": batches, **by_kind(callbacks)}
    before, course = states_of(parts), None if checkpoint is None else read(checkpoint)
    if course is None:
        steps, epochs = affordable(
            model, batches, settings, callbacks=callbacks, started=started, undo=lambda: set_states(parts, before)
        )
        course = Course(steps=steps, epochs=epochs)
    if settings.average:
        model.optimizer.ema_momentum = momentum(settings.average, course.steps)
        make_steps_again(model)
    batches.steps = math.ceil(course.steps / course.epochs)
    pace = Pace(settings, epochs=course.epochs, started=started, clock=time.monotonic)
    best = KeepBest(monitor=settings.monitor, mode="max", patience=settings.patience, restore_best_weights=True)
    keep = Checkpoint(checkpoint, {**parts, "pace": pace, "best": best}, course, started=started, clock=time.monotonic)
    late = [callback for callback in callbacks if getattr(callback, "after", False)]
    early = [callback for callback in callbacks if callback not in late]
    _train(model, batches, [*early, pace, best, *late, keep], course)
    if settings.average:  # Keras leaves weights and averages in the same arrays, which JAX would give away twice
        parts["model"].set_state(parts["model"].get_state())
    columns = keep.course.columns
    if not np.isfinite(columns["loss"][:1]).all():
        set_states(parts, before)
        raise refusal(model, batches, before["model"], settings.learning_rate)
    return History(
        columns={name: tuple(values) for name, values in columns.items()},
        best_epoch=best_epoch(columns[settings.monitor], columns["loss"]) if settings.monitor in columns else None,
        stopped_because=pace.stopped_because or _unhurried_end(best, settings, keep.course),
    )


def _train(model: Any, batches: Batches, callbacks: Sequence[Any], course: Course) -> None:
    """The epochs that are left; of a training that had ended its beginning and end, so that callbacks know of it."""
    if not course.ended:
        options = {"epochs": course.epochs, "initial_epoch": course.epoch, "verbose": 0, "shuffle": False}
        model.fit(batches, callbacks=list(callbacks), **options)
        return
    known = keras.callbacks.CallbackList(list(callbacks), model=model, epochs=course.epochs, steps=batches.steps)
    known.on_train_begin()
    known.on_train_end()


def _unhurried_end(best: KeepBest, settings: Settings, course: Course) -> str:
    """Why training ended although its pace never stopped it."""
    if best.stopped_epoch:
        return f"no better score for {settings.patience} epochs"
    if course.epoch < course.epochs:
        return "a callback stopped it"
    return "all steps are done" if course.steps >= settings.steps else "the budget is used up"


def _optimizer(settings: Settings) -> Any:
    rate, options = settings.learning_rate, {"global_clipnorm": CLIP, "use_ema": settings.average > 0}
    if settings.optimizer == "sgd":
        return keras.optimizers.SGD(rate, momentum=0.9, nesterov=True, **options)
    if settings.optimizer == "adam":
        return keras.optimizers.Adam(rate, **options)
    return keras.optimizers.AdamW(rate, weight_decay=settings.weight_decay, **options)
