"""Weights of a sum of losses that change over epochs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras

from segmend.errors import InputError
from segmend.losses import Ramp, Sum


class LossSchedule(keras.callbacks.Callback):
    """Let every ``Ramp`` in the model's loss take its weight of the epoch.

    A compiled training step holds the weights as constants, so it is compiled anew in each epoch that changes one: a
    ramp over ten epochs costs ten compilations. Where that matters, keep ramps short.

    Raises:
        InputError: when training begins, the model's loss holds no ``Ramp``.

    Examples:
        >>> from segmend.losses import CrossEntropy, Dice
        >>> model = keras.Sequential([keras.Input((8, 1)), keras.layers.Dense(2, activation="softmax")])
        >>> loss = CrossEntropy() + Ramp(0.0, 1.0, first=1, last=3) * Dice()
        >>> model.compile("sgd", loss=loss)
        >>> x, y = keras.ops.zeros((2, 8, 1)), keras.ops.zeros((2, 8))
        >>> history = model.fit(x, y, epochs=3, verbose=0, callbacks=[LossSchedule()])
        >>> loss.factors
        [1.0, 0.5]
    """

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Refuse a loss without a schedule, which a person would think had one."""
        if not any(isinstance(factor, Ramp) for loss in self._sums() for factor, _ in loss.parts):
            raise InputError(
                "LossSchedule: expected a loss with a Ramp, such as CrossEntropy() + Ramp(0.0, 1.0) * Dice(). "
                f"Received {self.model.loss!r:.80}"
            )

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Take the weights of this epoch, in training and in evaluation."""
        changed = [loss.move_to(epoch=epoch) for loss in self._sums()]
        if any(changed):
            make_steps_again(self.model)

    def _sums(self) -> Iterator[Sum]:
        for loss in keras.tree.flatten(self.model.loss):
            yield from _sums_in(loss)


def make_steps_again(model: Any) -> None:
    """Drop the compiled steps of training and evaluation, where there are any, for new ones."""
    if keras.backend.backend() == "jax":
        _forget_traces(model)
    if model.train_function is not None:
        model.make_train_function(force=True)
    if model.test_function is not None:
        model.make_test_function(force=True)


def _forget_traces(model: Any) -> None:
    """JAX keeps traces by function, and a model's bound step always equals itself, whoever still holds it."""
    import jax

    for step in (model.train_step, model.test_step):
        jax.jit(step).clear_cache()


def _sums_in(loss: Any) -> Iterator[Sum]:
    if isinstance(loss, Sum):
        yield loss
        for _, part in loss.parts:
            yield from _sums_in(part)
