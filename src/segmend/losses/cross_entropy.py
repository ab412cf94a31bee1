"""Cross-entropy that ignores what is not judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
from keras import ops

from segmend.errors import InputError
from segmend.losses.base import Loss, Terms
from segmend.losses.prior import adjusted, read_prior
from segmend.ops import Steps


@keras.saving.register_keras_serializable(package="segmend")
class CrossEntropy(Loss):
    r"""Minus the logarithm of the true class's probability, at every step.

    .. math:: \frac{1}{|V|} \sum_{t \in V} w_{y_t} \, s_t \, \bigl(-\log p_t(y_t)\bigr)

    with V the judged steps, w the class weights and s the step weights. The sum is divided by the *number* of judged
    steps, never by the sum of weights: a batch that happens to hold only the rare class keeps its larger step.
    Weights of mean 1 over the data ("balanced" ones are) therefore leave the learning rate as it was. Without options
    it is ``keras.losses.SparseCategoricalCrossentropy``, which weighs steps rightly but knows neither masks nor -1.

    Args:
        class_weight: one factor per class.
        label_smoothing: share of the label that is spread evenly over all classes, from 0 to below 1.
        prior: share of each class in training, for logit adjustment; None for none. The model then learns scores of
            *equal* classes: nothing is to be undone at prediction.
        tau: how much of the prior is taken into account; 1 minimises the balanced error.
        from_logits: whether the model's last layer is linear.
        reduction: "mean", "sum", or "none" (one value per step).
        name: shown in logs.

    Raises:
        InputError: ``label_smoothing`` is outside [0, 1), or a prior is not between 0 and 1.

    Source:
        Menon et al. 2021, "Long-tail learning via logit adjustment", for ``prior`` and ``tau``.

    Examples:
        >>> import numpy as np
        >>> prob = np.array([[[0.5, 0.5], [0.75, 0.25], [0.1, 0.9]]], "float32")
        >>> print(f"{float(CrossEntropy()(np.array([[0, 1, -1]]), prob)):.4f}")  # (log 2 + log 4) / 2
        1.0397
        >>> print(f"{float(CrossEntropy(class_weight=[1, 3])(np.array([[0, 1, -1]]), prob)):.4f}")
        2.4260
    """

    def __init__(
        self,
        class_weight: Sequence[float] | Mapping[int, float] | None = None,
        label_smoothing: float = 0.0,
        prior: Sequence[float] | None = None,
        tau: float = 1.0,
        from_logits: bool = False,
        reduction: str | None = "mean",
        name: str | None = "cross_entropy",
    ) -> None:
        super().__init__(class_weight=class_weight, from_logits=from_logits, reduction=reduction, name=name)
        if not 0 <= label_smoothing < 1:
            raise InputError(f"label_smoothing: expected a share from 0 to below 1. Received {label_smoothing}")
        self.label_smoothing = float(label_smoothing)
        self.prior, self.tau = read_prior(prior), float(tau)
        self.minimum = "shifted" if label_smoothing or prior is not None else "perfect"

    def terms(self, steps: Steps) -> Terms:
        """One term per step."""
        classes = steps.y_prob.shape[-1]
        weight = ops.sum(steps.y_true * self.weights_by_class(classes), axis=-1)
        target = (1.0 - self.label_smoothing) * steps.y_true + self.label_smoothing / classes
        value = -ops.sum(target * adjusted(steps.log_prob, self.prior, self.tau), axis=-1)
        # An ignored step may hold NaN or infinite predictions, and 0 * inf is NaN.
        value = ops.where(steps.valid > 0, value, ops.zeros_like(value))
        return Terms(value, weight * steps.weight, steps.valid)

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        own = {"label_smoothing": self.label_smoothing, "prior": self.prior, "tau": self.tau}
        return {**super().get_config(), **own}
