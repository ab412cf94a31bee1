"""Binary cross-entropy, class by class, for labels that may overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
from keras import ops

from segmend.errors import InputError
from segmend.losses.base import Loss, Terms, read_class_weight
from segmend.losses.prior import adjusted_independent, read_prior
from segmend.ops import Steps


@keras.saving.register_keras_serializable(package="segmend")
class BinaryCrossEntropy(Loss):
    r"""Minus the logarithm of the probability of each yes and no, averaged over steps and classes.

    .. math:: \frac{1}{|V| C} \sum_{t \in V} \sum_c w_c s_t \bigl(-q_c y_{tc} \log p_{tc}
        - (1 - y_{tc}) \log(1 - p_{tc})\bigr)

    with V the judged steps, C classes, w the class weights, q the weights of the positives and s the step weights.
    Labels are 0 or 1 for each class, ``(batch, *spatial, classes)``; with one class the last axis may be missing. A
    step is ignored where one of its labels is -1. Without options it is ``keras.losses.BinaryCrossentropy``, which
    knows neither masks nor -1.

    Args:
        class_weight: one factor per class.
        positive_weight: one factor per class for its positives alone, such as negatives / positives; None for 1.
        label_smoothing: labels are drawn towards one half by this share, from 0 to below 1.
        prior: share of the steps that carry each class, for logit adjustment; None for none.
        tau: how much of the prior is taken into account.
        from_logits: whether the model's last layer is linear.
        reduction: "mean", "sum", or "none" (one value per step and class).
        name: shown in logs.

    Raises:
        InputError: an argument is not one of its values.

    Source:
        Menon et al. 2021, "Long-tail learning via logit adjustment", for ``prior`` and ``tau``.

    Examples:
        >>> import numpy as np
        >>> prob = np.array([[[0.5, 0.75]]], "float32")
        >>> print(f"{float(BinaryCrossEntropy()(np.array([[[1, 0]]]), prob)):.4f}")  # (log 2 + log 4) / 2
        1.0397
    """

    multilabel = True

    def __init__(
        self,
        class_weight: Sequence[float] | Mapping[int, float] | None = None,
        positive_weight: Sequence[float] | Mapping[int, float] | None = None,
        label_smoothing: float = 0.0,
        prior: Sequence[float] | None = None,
        tau: float = 1.0,
        from_logits: bool = False,
        reduction: str | None = "mean",
        name: str | None = "binary_cross_entropy",
    ) -> None:
        super().__init__(class_weight=class_weight, from_logits=from_logits, reduction=reduction, name=name)
        if not 0 <= label_smoothing < 1:
            raise InputError(f"label_smoothing: expected a share from 0 to below 1. Received {label_smoothing}")
        self.positive_weight = read_class_weight(positive_weight)
        self.label_smoothing, self.prior, self.tau = float(label_smoothing), read_prior(prior), float(tau)
        self.minimum = "shifted" if label_smoothing or prior is not None else "perfect"

    def terms(self, steps: Steps) -> Terms:
        """One term per step and class."""
        classes = steps.y_prob.shape[-1]
        log_prob, log_not = adjusted_independent(steps.log_prob, steps.log_not, self.prior, self.tau)
        target = (1.0 - self.label_smoothing) * steps.y_true + 0.5 * self.label_smoothing
        if self.positive_weight is not None and len(self.positive_weight) != classes:
            raise InputError(
                f"positive_weight: expected {classes} weights, one for each class. Received {len(self.positive_weight)}"
            )
        positive = ops.convert_to_tensor(self.positive_weight or (1.0,) * classes, dtype="float32")
        value = -positive * target * log_prob - (1.0 - target) * log_not
        valid = ops.expand_dims(steps.valid, -1)
        value = ops.where(valid > 0, value, ops.zeros_like(value))
        return Terms(value, self.weights_by_class(classes) * ops.expand_dims(steps.weight, -1), valid)

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        return {
            **super().get_config(),
            "positive_weight": self.positive_weight,
            "label_smoothing": self.label_smoothing,
            "prior": self.prior,
            "tau": self.tau,
        }
