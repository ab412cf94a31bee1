"""Cross-entropy that leaves open where exactly a border lies."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.errors import InputError
from segmend.losses.base import Loss, Terms
from segmend.ops import Steps
from segmend.ops.transitions import steps_to_transition, widened

NEVER = -1e4
"""Logarithm of the share of a label that is not allowed."""


@keras.saving.register_keras_serializable(package="segmend")
class BoundaryTolerant(Loss):
    r"""Minus the logarithm of the probability that a step has any of the labels found near it, at borders.

    .. math:: \frac{1}{|V|} \sum_{t \in V} w_{y_t} s_t \Bigl(-\log \sum_{c \in N_t} p_{tc}\Bigr)

    with V the judged steps and N the labels within ``steps`` of t where t is nearer than that to a true transition;
    elsewhere the true label alone, as in cross-entropy. The middle of a segment is never left open, so that no segment,
    however short, may vanish without a price. For labels whose borders annotators have set to some steps; ``steps=0``
    is cross-entropy. One label per step only; a change beside an ignored step is no transition, and its label is not
    found.

    Args:
        steps: how far a border may be moved, in steps (in images: along the axes, added up).
        name: shown in logs.
        **options: those of ``Loss``; ``class_weight`` is that of the true label, ``reduction`` "none" gives one value
            per step.

    Raises:
        InputError: ``steps`` is not a whole number of at least 0.

    Examples:
        >>> import numpy as np
        >>> prob = np.full((1, 6, 2), 0.5, "float32")
        >>> loss = BoundaryTolerant(steps=1, reduction="none")(np.array([[0, 0, 0, 1, 1, 1]]), prob)
        >>> print(np.round(np.asarray(loss[0]) / np.log(2), 4) + 0)
        [1. 1. 0. 0. 1. 1.]
    """

    def __init__(self, steps: int = 3, *, name: str | None = "boundary_tolerant", **options: Any) -> None:
        super().__init__(name=name, **options)
        if not (steps >= 0 and steps == int(steps)):
            raise InputError(f"steps: expected a whole number of at least 0. Received {steps}")
        self.steps = int(steps)

    def terms(self, steps: Steps) -> Terms:
        """One term per step."""
        allowed = self._allowed(steps)
        log_prob = ops.where(allowed > 0, steps.log_prob, NEVER)
        value = -ops.logsumexp(log_prob, axis=-1)
        value = ops.where(steps.valid > 0, value, ops.zeros_like(value))
        weight = ops.sum(steps.y_true * self.weights_by_class(steps.y_prob.shape[-1]), axis=-1)
        return Terms(value, weight * steps.weight, steps.valid)

    def _allowed(self, steps: Steps) -> Any:
        """Above 0 where a class is right enough, ``(batch, *spatial, classes)``."""
        if self.steps == 0:
            return steps.y_true
        distance = steps_to_transition(steps.y_true, steps.valid, furthest=self.steps)
        further = widened(ops.expand_dims(distance, -1), steps.valid, steps=1)[..., 0]
        open_ = ops.logical_and(distance < self.steps, distance < further)
        return ops.where(ops.expand_dims(open_, -1), widened(steps.y_true, steps.valid, steps=self.steps), steps.y_true)

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        return {**super().get_config(), "steps": self.steps}
