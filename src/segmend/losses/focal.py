"""Cross-entropy that looks away from what is already easy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
from keras import ops

from segmend.errors import InputError
from segmend.losses.base import Loss, Terms, read_class_weight
from segmend.ops import Steps
from segmend.ops.steps import EPSILON


@keras.saving.register_keras_serializable(package="segmend")
class Focal(Loss):
    r"""Cross-entropy times a power of how wrong the prediction is.

    .. math:: -\alpha_{y_t} (1 - p_t(y_t))^\gamma \log p_t(y_t)

    averaged over the judged steps; where labels may overlap, the same for each yes and no, averaged over classes too,
    with :math:`\alpha_c` for the yes and :math:`1 - \alpha_c` for the no. ``gamma=0`` without ``alpha`` is
    cross-entropy. Logarithms come from the logits where there are logits.

    Keras' ``CategoricalFocalCrossentropy`` takes one-hot labels only, and its ``BinaryFocalCrossentropy`` one alpha
    for all classes, which it ignores unless told otherwise; neither knows masks.

    Args:
        gamma: power; 0 for none.
        alpha: one share per class, or None. With one label per step it multiplies the class (a number for all classes
            would be a learning rate, and is refused). With overlapping labels it balances yes and no, between 0 and
            1; the paper's 0.25 *lowers* a rare positive, for it belongs to gamma = 2.
        multilabel: whether labels may overlap: 0 or 1 for each class, probabilities by the sigmoid.
        class_weight: one factor per class.
        from_logits: whether the model's last layer is linear.
        reduction: "mean", "sum", or "none" (one value per step, or per step and class).
        name: shown in logs.

    Raises:
        InputError: an argument is not one of its values.

    Source:
        Lin et al. 2017, "Focal loss for dense object detection".

    Examples:
        >>> import numpy as np
        >>> prob = np.array([[[0.5, 0.5], [0.25, 0.75]]], "float32")
        >>> loss = Focal(gamma=2.0)(np.array([[0, 1]]), prob)  # (log 2 / 4 + log(4/3) / 16) / 2
        >>> print(f"{float(loss):.4f}")
        0.0956
    """

    def __init__(
        self,
        gamma: float = 2.0,
        alpha: Sequence[float] | None = None,
        multilabel: bool = False,
        class_weight: Sequence[float] | Mapping[int, float] | None = None,
        from_logits: bool = False,
        reduction: str | None = "mean",
        name: str | None = "focal",
    ) -> None:
        super().__init__(class_weight=class_weight, from_logits=from_logits, reduction=reduction, name=name)
        if gamma < 0:
            raise InputError(f"gamma: expected a power of at least 0. Received {gamma}")
        if isinstance(alpha, int | float):
            raise InputError(
                f"alpha: expected one share per class, for one number is a learning rate. Received {alpha}"
            )
        self.gamma, self.alpha, self.multilabel = float(gamma), read_class_weight(alpha), bool(multilabel)
        if self.multilabel and max(self.alpha or (0.0,)) > 1:
            raise InputError(f"alpha: expected shares from 0 to 1. Received {list(self.alpha or ())}")

    def terms(self, steps: Steps) -> Terms:
        """One term per step (and class, where labels may overlap)."""
        classes = steps.y_prob.shape[-1]
        if self.alpha is not None and len(self.alpha) != classes:
            raise InputError(f"alpha: expected {classes} shares, one for each class. Received {len(self.alpha)}")
        hard = self._hard(steps)
        if self.multilabel:
            valid = ops.expand_dims(steps.valid, -1)
            value = ops.where(valid > 0, hard, ops.zeros_like(hard))
            return Terms(value, self.weights_by_class(classes) * ops.expand_dims(steps.weight, -1), valid)
        value = ops.where(steps.valid > 0, hard, ops.zeros_like(hard))
        weight = ops.sum(steps.y_true * self.weights_by_class(classes), axis=-1)
        return Terms(value, weight * steps.weight, steps.valid)

    def _hard(self, steps: Steps) -> Any:
        alpha = None if self.alpha is None else ops.convert_to_tensor(self.alpha, dtype="float32")
        yes = -steps.y_true * looked_at(1.0 - steps.y_prob, self.gamma) * steps.log_prob
        if not self.multilabel:
            return ops.sum(yes if alpha is None else alpha * yes, axis=-1)
        no = -(1.0 - steps.y_true) * looked_at(steps.y_prob, self.gamma) * steps.log_not
        return yes + no if alpha is None else alpha * yes + (1.0 - alpha) * no

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        own = {"gamma": self.gamma, "alpha": self.alpha, "multilabel": self.multilabel}
        return {**super().get_config(), **own}


def looked_at(wrong: Any, gamma: float) -> Any:
    """How much each term counts: how wrong it is, to the power of gamma."""
    if gamma == 0:
        return ops.ones_like(wrong)
    if gamma == 2:
        return ops.square(wrong)
    return ops.power(ops.maximum(wrong, EPSILON), gamma)
