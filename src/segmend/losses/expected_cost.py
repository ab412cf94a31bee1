"""What a prediction costs on average, by a table of costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from segmend.errors import InputError
from segmend.losses.base import Loss, Terms
from segmend.ops import Steps


@keras.saving.register_keras_serializable(package="segmend")
class ExpectedCost(Loss):
    r"""Mean over the judged steps of the cost that the probabilities expect.

    .. math:: \frac{1}{|V|} \sum_{t \in V} s_t \sum_c p_{tc} \, K_{y_t c}

    with K the table of costs. Alone it is flat where predictions are sure and wrong: add it to cross-entropy. One label
    per step only.

    Args:
        cost: what it costs to predict the column's class where the row's is true, shape (classes, classes); 0 on the
            diagonal, finite and at least 0 elsewhere.
        class_weight: one factor per true class.
        from_logits: whether the model's last layer is linear.
        reduction: "mean", "sum", or "none" (one value per step).
        name: shown in logs.

    Raises:
        InputError: the table is not square, or not what was said above.

    Source:
        Elkan 2001, "The foundations of cost-sensitive learning".

    Examples:
        >>> import numpy as np
        >>> prob = np.array([[[0.5, 0.5], [0.25, 0.75]]], "float32")
        >>> loss = ExpectedCost(cost=[[0, 1], [10, 0]])(np.array([[0, 1]]), prob)  # (0.5 * 1 + 0.25 * 10) / 2
        >>> print(f"{float(loss):.4f}")
        1.5000
    """

    def __init__(
        self,
        cost: Sequence[Sequence[float]],
        class_weight: Sequence[float] | Mapping[int, float] | None = None,
        from_logits: bool = False,
        reduction: str | None = "mean",
        name: str | None = "expected_cost",
    ) -> None:
        super().__init__(class_weight=class_weight, from_logits=from_logits, reduction=reduction, name=name)
        table = np.asarray(cost, np.float64)
        if table.ndim != 2 or table.shape[0] != table.shape[1]:
            raise InputError(f"cost: expected a square table. Received shape {table.shape}")
        if not np.isfinite(table).all() or (table < 0).any() or np.diag(table).any():
            raise InputError(f"cost: expected finite costs of at least 0, and 0 on the diagonal. Received {cost}")
        self.cost = table.tolist()

    def terms(self, steps: Steps) -> Terms:
        """One term per step."""
        classes = steps.y_prob.shape[-1]
        if len(self.cost) != classes:
            raise InputError(f"cost: expected a table of {classes} classes. Received {len(self.cost)}")
        prices = ops.matmul(steps.y_true, ops.convert_to_tensor(self.cost, dtype="float32"))
        value = ops.sum(prices * steps.y_prob, axis=-1)
        value = ops.where(steps.valid > 0, value, ops.zeros_like(value))
        weight = ops.sum(steps.y_true * self.weights_by_class(classes), axis=-1)
        return Terms(value, weight * steps.weight, steps.valid)

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        return {**super().get_config(), "cost": self.cost}
