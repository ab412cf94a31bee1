"""Why the loss of a training is no number, found out by probing."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np

from segmend.errors import InputError
from segmend.training.states import ModelState, State
from segmend.training.timing import Batches

PROBED, LEAST = 3, 1e-7
"""Steps that a learning rate is tried for, and the lowest rate that is tried."""


class NotFiniteError(InputError):
    """The loss of the first epoch was no number, so that no weights are worth keeping."""


def refusal(model: Any, batches: Batches, untrained: State, rate: float) -> NotFiniteError:
    """What was wrong from the beginning, or which learning rate keeps the loss finite.

    Args:
        model: compiled; its state is put back to the untrained one.
        batches: those of the training.
        untrained: the state of ``ModelState`` before training.
        rate: learning rate that was trained at.
    """
    what = f"training: expected a finite loss. Received one that is not, at a learning rate of {rate:g}."
    state = ModelState(model)
    state.set_state(untrained)
    wrong = next(((k, count) for k in range(len(batches)) if (count := _no_numbers(batches[k][0]))), None)
    if wrong is not None:
        return NotFiniteError(f"{what} Batch {wrong[0] + 1} holds {wrong[1]} samples that are no numbers")
    x, y = batches[0][:2]
    first = _loss(model, batches[0])
    if not math.isfinite(first):
        largest = max(float(np.abs(np.asarray(each)).max()) for each in keras.tree.flatten(x))
        labels = np.concatenate([np.ravel(each) for each in keras.tree.flatten(y)])
        return NotFiniteError(
            f"{what} It is {first} for the untrained model already: the input goes up to {largest:.3g}, "
            f"the labels from {labels.min():g} to {labels.max():g}"
        )
    tried = rate
    for tenth in range(1 + max(0, int(math.log10(rate / LEAST)))):
        tried = rate / 10**tenth
        state.set_state(untrained)
        if _stays_finite(model, batches, tried, 2 * first + 1):
            told = f"The untrained model's is {first:.3g}, and it stays finite at {tried:g}: set learning_rate to that"
            return NotFiniteError(f"{what} {told}" if tenth else f"{what} {told} or less")
    return NotFiniteError(f"{what} The untrained model's is {first:.3g}; at {tried:g} it breaks too")


def _stays_finite(model: Any, batches: Batches, rate: float, most: float) -> bool:
    """Whether a few steps at a rate leave a loss of a number that has not run away."""
    model.optimizer.learning_rate = rate
    for number in range(PROBED):
        model.train_on_batch(*batches[number % len(batches)])
    loss = _loss(model, batches[0])
    return math.isfinite(loss) and loss <= most


def _loss(model: Any, batch: Any) -> float:
    """The loss of one batch; the first of the figures where a model has several outputs."""
    return float(np.ravel(model.test_on_batch(*batch))[0])


def _no_numbers(x: Any) -> int:
    """How many samples of a batch are NaN or infinite."""
    return sum(int((~np.isfinite(np.asarray(each))).sum()) for each in keras.tree.flatten(x))
