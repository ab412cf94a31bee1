"""Mistakes, each by how far from the border of its class it is."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.errors import InputError
from segmend.losses.base import Loss, Terms
from segmend.ops import Steps
from segmend.ops.transitions import steps_to_transition


@keras.saving.register_keras_serializable(package="segmend")
class Boundary(Loss):
    r"""The error of each class at each step, times the distance to the nearest true border of the class.

    .. math:: \frac{1}{|V| C} \sum_{t \in V} \sum_c w_c s_t \, \frac{d_{tc}}{D} \, |y_{tc} - p_{tc}|

    with V the judged steps, C classes, d the steps to the border, which lies half-way between two steps, and D the
    largest distance. For sure labels it is the boundary loss, the sum of the probabilities times the signed distance
    map, less its value for the perfect prediction; so that is 0 here and the slopes are the paper's. Distances are
    capped, and in images added up over the axes. A class without a border in reach counts at the cap: a segment of a
    class that is not there is a mistake far from any border. It forgives what is near a border, so add it to another
    loss, with a small factor or a ``Ramp`` as in the paper. A change beside an ignored step is no border.

    Args:
        furthest: steps from which on distances are not told apart.
        multilabel: whether labels may overlap: 0 or 1 for each class, probabilities by the sigmoid.
        name: shown in logs.
        **options: those of ``Loss``; ``reduction`` "none" gives one value per step and class.

    Raises:
        InputError: ``furthest`` is not a whole number above 0.

    Source:
        Kervadec et al. 2019, "Boundary loss for highly unbalanced segmentation".

    Examples:
        >>> import numpy as np
        >>> prob = np.array([[[0.5, 0.5], [1.0, 0.0], [0.0, 1.0]]], "float32")
        >>> loss = Boundary(furthest=2)(np.array([[0, 0, 1]]), prob)  # 0.5 for each class, 1.5 of 2.5 steps away
        >>> print(f"{float(loss):.4f}")
        0.1000
    """

    def __init__(
        self, furthest: int = 30, *, multilabel: bool = False, name: str | None = "boundary", **options: Any
    ) -> None:
        super().__init__(name=name, **options)
        if not (furthest >= 1 and furthest == int(furthest)):
            raise InputError(f"furthest: expected a whole number of steps above 0. Received {furthest}")
        self.furthest, self.multilabel = int(furthest), bool(multilabel)

    def terms(self, steps: Steps) -> Terms:
        """One term per step and class."""
        valid = ops.expand_dims(steps.valid, -1)
        distance = steps_to_transition(steps.y_true, steps.valid, furthest=self.furthest, by_class=True)
        error = ops.abs(steps.y_true - steps.y_prob) * (distance + 0.5) / (self.furthest + 0.5)
        value = ops.where(valid > 0, error, ops.zeros_like(error))
        return Terms(value, self.weights_by_class(value.shape[-1]) * ops.expand_dims(steps.weight, -1), valid)

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        return {**super().get_config(), "furthest": self.furthest, "multilabel": self.multilabel}
