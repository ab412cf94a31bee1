"""Binary cross-entropy that looks away from easy negatives harder than from easy positives."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.errors import InputError
from segmend.losses.base import Loss, Terms
from segmend.losses.focal import looked_at
from segmend.ops import Steps
from segmend.ops.steps import EPSILON


@keras.saving.register_keras_serializable(package="segmend")
class Asymmetric(Loss):
    r"""The focal loss of each yes and no, each with a power of its own, negatives shifted.

    .. math:: -y (1 - p)^{\gamma_+} \log p - (1 - y) \, m^{\gamma_-} \log(1 - m), \quad m = \max(0, p - \delta)

    averaged over the judged steps and the classes. A negative below the shift costs nothing, for steps without a label
    are nearly all of them where labels may overlap. Without powers and shift it is ``BinaryCrossEntropy``. Labels are 0
    or 1 for each class.

    Args:
        positive: power for the yes.
        negative: power for the no.
        shift: probability up to which a no is right enough, from 0 to below 1.
        name: shown in logs.
        **options: those of ``Loss``; ``reduction`` "none" gives one value per step and class.

    Raises:
        InputError: a power is below 0, or ``shift`` is outside [0, 1).

    Source:
        Ridnik et al. 2021, "Asymmetric loss for multi-label classification".

    Examples:
        >>> import numpy as np
        >>> prob = np.array([[[0.5, 0.55]]], "float32")
        >>> loss = Asymmetric(positive=0, negative=2)(np.array([[[1, 0]]]), prob)  # (log 2 + 0.5 ** 2 * log 2) / 2
        >>> print(f"{float(loss) / np.log(2):.4f}")
        0.6250
    """

    multilabel = True

    def __init__(
        self,
        positive: float = 0.0,
        negative: float = 4.0,
        shift: float = 0.05,
        *,
        name: str | None = "asymmetric",
        **options: Any,
    ) -> None:
        super().__init__(name=name, **options)
        if not min(positive, negative) >= 0:
            raise InputError(f"positive, negative: expected powers of at least 0. Received {positive} and {negative}")
        if not 0 <= shift < 1:
            raise InputError(f"shift: expected a probability from 0 to below 1. Received {shift}")
        self.positive, self.negative, self.shift = float(positive), float(negative), float(shift)

    def terms(self, steps: Steps) -> Terms:
        """One term per step and class."""
        wrong, log_not = steps.y_prob, steps.log_not
        if self.shift:
            wrong = ops.maximum(0.0, wrong - self.shift)
            log_not = ops.log(ops.maximum(1.0 - wrong, EPSILON))
        yes = -steps.y_true * looked_at(1.0 - steps.y_prob, self.positive) * steps.log_prob
        no = -(1.0 - steps.y_true) * looked_at(wrong, self.negative) * log_not
        valid = ops.expand_dims(steps.valid, -1)
        value = ops.where(valid > 0, yes + no, ops.zeros_like(yes))
        return Terms(value, self.weights_by_class(value.shape[-1]) * ops.expand_dims(steps.weight, -1), valid)

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        own = {"positive": self.positive, "negative": self.negative, "shift": self.shift}
        return {**super().get_config(), **own}
