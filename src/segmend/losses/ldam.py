"""Cross-entropy with a margin that rare classes have more of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from segmend.errors import InputError
from segmend.losses.base import Loss, Terms
from segmend.ops import Steps


@keras.saving.register_keras_serializable(package="segmend")
class LDAM(Loss):
    r"""Cross-entropy after the true class's logit is lowered by a margin (label-distribution-aware margins).

    .. math:: -\log \frac{e^{s (z_y - \Delta_y)}}{e^{s (z_y - \Delta_y)} + \sum_{c \ne y} e^{s z_c}}, \quad
        \Delta_c = m \Bigl(\frac{\min_j n_j}{n_c}\Bigr)^{1/4}

    averaged over the judged steps, with n the steps of each class in training. The paper's logits are cosines, between
    -1 and 1, with m = 0.5 and s = 30; those of an ordinary last layer have no bound, so that s is 1 here, m is a
    difference of logits, and a network that grows sure outgrows it. The paper weighs classes too, from late in training
    on: a sum with a ``Ramp`` does that. One label per step only.

    Args:
        counts: how many steps (or segments) each class has in training, above 0.
        margin: m, that of the rarest class.
        scale: s.
        name: shown in logs.
        **options: those of ``Loss``; ``reduction`` "none" gives one value per step.

    Raises:
        InputError: a count is not above 0, ``margin`` is below 0, or ``scale`` is not above 0; when called: there are
            not as many counts as classes.

    Source:
        Cao et al. 2019, "Learning imbalanced datasets with label-distribution-aware margin loss".

    Examples:
        >>> import numpy as np
        >>> prob = np.array([[[0.5, 0.5], [0.5, 0.5]]], "float32")
        >>> loss = LDAM(counts=[1600, 100], margin=1.0, reduction="none")  # margins 0.5 and 1
        >>> print(loss(np.array([[0, 1]]), prob)[0])
        [0.974077  1.3132616]
    """

    def __init__(
        self,
        counts: Sequence[float],
        margin: float = 0.5,
        scale: float = 1.0,
        *,
        name: str | None = "ldam",
        **options: Any,
    ) -> None:
        super().__init__(name=name, **options)
        self.counts = [float(count) for count in counts]
        if not self.counts or not all(0 < count < float("inf") for count in self.counts):
            raise InputError(f"counts: expected a number above 0 for each class. Received {list(counts)}")
        if not margin >= 0:
            raise InputError(f"margin: expected a number of at least 0. Received {margin}")
        if not scale > 0:
            raise InputError(f"scale: expected a number above 0. Received {scale}")
        self.margin, self.scale = float(margin), float(scale)

    def terms(self, steps: Steps) -> Terms:
        """One term per step."""
        classes = steps.y_prob.shape[-1]
        if len(self.counts) != classes:
            raise InputError(f"counts: expected {classes} numbers, one for each class. Received {len(self.counts)}")
        margins = self.margin * (min(self.counts) / np.asarray(self.counts)) ** 0.25
        lowered = steps.log_prob - steps.y_true * ops.convert_to_tensor(margins, dtype="float32")
        value = -ops.sum(steps.y_true * ops.log_softmax(self.scale * lowered, axis=-1), axis=-1)
        value = ops.where(steps.valid > 0, value, ops.zeros_like(value))
        weight = ops.sum(steps.y_true * self.weights_by_class(classes), axis=-1)
        return Terms(value, weight * steps.weight, steps.valid)

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        return {**super().get_config(), "counts": self.counts, "margin": self.margin, "scale": self.scale}
