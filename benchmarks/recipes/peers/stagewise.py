"""Networks that answer several times, each answer with a loss of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras


class EachAnswer(keras.losses.Loss):
    """A weighted sum of one loss over the answers that lie side by side on the last axis.

    Args:
        loss: of one answer.
        classes: channels of an answer.
        weights: of the answers, in their order.
    """

    def __init__(self, loss: Any, classes: int, weights: Sequence[float]) -> None:
        super().__init__(name="each_answer")
        self.loss, self.classes, self.weights = loss, classes, tuple(weights)

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """The sum."""
        total: Any = 0.0
        for number, weight in enumerate(self.weights):
            answer = y_pred[..., number * self.classes : (number + 1) * self.classes]
            total = total + weight * self.loss(y_true, answer, sample_weight)
        return total
