"""Between cross-entropy and the mean error: labels that are wrong pull less."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.errors import InputError
from segmend.losses.base import Loss, Terms
from segmend.ops import Steps


@keras.saving.register_keras_serializable(package="segmend")
class GeneralisedCrossEntropy(Loss):
    r"""One minus a power of the true class's probability, averaged over the judged steps.

    .. math:: \frac{1}{|V|} \sum_{t \in V} w_{y_t} s_t \frac{1 - p_t(y_t)^q}{q}

    As q goes to 0 it becomes cross-entropy; at 1 it is the mean error, which a share of wrong labels does not move but
    which learns slowly. The slope at a label that the network holds for wrong is p to the power of q times that of
    cross-entropy. One label per step only.

    Args:
        q: from above 0 to 1; the paper's 0.7.
        name: shown in logs.
        **options: those of ``Loss``; ``reduction`` "none" gives one value per step.

    Raises:
        InputError: ``q`` is not above 0 and at most 1.

    Source:
        Zhang and Sabuncu 2018, "Generalized cross entropy loss for training deep neural networks with noisy labels".

    Examples:
        >>> import numpy as np
        >>> prob = np.array([[[0.75, 0.25], [0.36, 0.64]]], "float32")
        >>> loss = GeneralisedCrossEntropy(q=0.5)(np.array([[1, 1]]), prob)  # (1 - 0.5) / 0.5 and (1 - 0.8) / 0.5
        >>> print(f"{float(loss):.4f}")
        0.7000
    """

    def __init__(self, q: float = 0.7, *, name: str | None = "generalised_cross_entropy", **options: Any) -> None:
        super().__init__(name=name, **options)
        if not 0 < q <= 1:
            raise InputError(f"q: expected a power above 0 and at most 1. Received {q}")
        self.q = float(q)

    def terms(self, steps: Steps) -> Terms:
        """One term per step."""
        value = ops.sum(steps.y_true * -ops.expm1(self.q * steps.log_prob) / self.q, axis=-1)
        value = ops.where(steps.valid > 0, value, ops.zeros_like(value))
        weight = ops.sum(steps.y_true * self.weights_by_class(steps.y_prob.shape[-1]), axis=-1)
        return Terms(value, weight * steps.weight, steps.valid)

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        return {**super().get_config(), "q": self.q}
