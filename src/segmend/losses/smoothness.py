"""A price on predictions that jump from step to step."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.errors import InputError
from segmend.losses.base import Loss, Terms
from segmend.ops import Steps


@keras.saving.register_keras_serializable(package="segmend")
class Smoothness(Loss):
    r"""Truncated mean squared error between the log-probabilities of neighbouring steps (TMSE).

    .. math:: \frac{1}{|V| C} \sum_{t, c} \min\bigl(\tau, |\log p_{tc} - \log p_{t-1,c}|\bigr)^2

    with V the judged steps and C classes; the previous step is held fixed, so that no gradient flows back in time, and
    a pair counts only where both its steps are judged. True changes cost at most tau squared. In images the mean over
    the axes is taken. It is a regulariser: constant predictions are among its minima, so add it to another loss,
    ``CrossEntropy() + 0.15 * Smoothness()`` as in the paper. Class weights multiply the classes' terms.

    Args:
        tau: where a jump is cut off, in units of the logarithm.
        name: shown in logs.
        **options: those of ``Loss``.

    Raises:
        InputError: ``tau`` is not above 0.

    Source:
        Farha and Gall 2019, "MS-TCN: Multi-stage temporal convolutional network for action segmentation".

    Examples:
        >>> import numpy as np
        >>> prob = np.array([[[0.5, 0.5], [0.25, 0.75]]], "float32")
        >>> loss = Smoothness()(np.array([[0, 1]]), prob)  # (log(2) ** 2 + log(1.5) ** 2) / (2 * 2)
        >>> print(f"{float(loss):.4f}")
        0.1612
    """

    minimum = "regulariser"

    def __init__(self, tau: float = 4.0, *, name: str | None = "smoothness", **options: Any) -> None:
        super().__init__(name=name, **options)
        if not tau > 0:
            raise InputError(f"tau: expected a number above 0. Received {tau}")
        self.tau = float(tau)

    def terms(self, steps: Steps) -> Terms:
        """One term per step and class."""
        weight = ops.expand_dims(steps.weight, -1)
        # An ignored step may hold NaN, which would pass through the difference into its neighbour.
        log_prob = ops.where(weight > 0, steps.log_prob, ops.zeros_like(steps.log_prob))
        axes = len(steps.valid.shape) - 1
        value: Any = 0.0
        for axis in range(1, axes + 1):
            value = value + self._jumps(log_prob, steps.valid, axis) / axes
        if axes == 0:
            value = ops.zeros_like(log_prob)
        return Terms(value, self.weights_by_class(log_prob.shape[-1]) * weight, ops.expand_dims(steps.valid, -1))

    def _jumps(self, log_prob: Any, valid: Any, axis: int) -> Any:
        """Squared jumps into each step along an axis; 0 for the first."""
        later, earlier = (slice(None),) * axis + (slice(1, None),), (slice(None),) * axis + (slice(None, -1),)
        jump = ops.abs(log_prob[later] - ops.stop_gradient(log_prob[earlier]))
        both = ops.expand_dims(valid[later] * valid[earlier], -1)
        widths = [(0, 0)] * len(log_prob.shape)
        widths[axis] = (1, 0)
        return ops.pad(both * ops.square(ops.minimum(jump, self.tau)), widths)

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        return {**super().get_config(), "tau": self.tau}
