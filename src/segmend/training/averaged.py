"""Weights averaged over training, in the place of the last ones where a model is judged."""

from __future__ import annotations

from typing import Any

import keras

from segmend.training.states import State


class AveragedWeights(keras.callbacks.SwapEMAWeights):
    """Keras' swap of moving averages at the end of each epoch, which can be interrupted.

    It is to be the first callback, so that all others see the averages; the next epoch goes on from the weights
    themselves.
    """

    def __init__(self) -> None:
        super().__init__(swap_on_epoch=True)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Swap, in the last epoch as in any.

        Keras 3.15 lets weight and average share one array after the last epoch; on JAX a prediction by a later callback
        gives that array away, and both are lost.
        """
        super().on_epoch_end(-1, logs)

    def get_state(self) -> State:
        """Whether the model holds averages."""
        return {"swapped": self._ema_weights_in_model}

    def set_state(self, state: State) -> None:
        """Know what the model holds."""
        self._ema_weights_in_model = state["swapped"]


def momentum(share: float, steps: int) -> float:
    """Momentum of the moving average of a share of training.

    Examples:
        >>> momentum(0.05, 2000), momentum(0.05, 10)
        (0.99, 0.0)
    """
    return max(0.0, 1 - 1 / max(share * steps, 1.0))
