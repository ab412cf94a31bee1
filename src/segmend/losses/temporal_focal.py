"""Focal loss that weighs steps by how far the next true transition is."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.errors import InputError
from segmend.losses.base import Terms
from segmend.losses.focal import Focal
from segmend.ops import Steps
from segmend.ops.transitions import steps_to_transition

SPREADS = 4
"""Widths from a transition beyond which its weight is not told from 1."""


@keras.saving.register_keras_serializable(package="segmend")
class TemporalFocal(Focal):
    r"""The focal loss, each step times a weight that depends on its distance d to the nearest true transition.

    .. math:: 1 + (n - 1) \exp\bigl(-d^2 / 2 w^2\bigr)

    ``near`` (n) above 1 asks for sharp borders; below 1 it forgives annotators who differ about them. ``near=1`` is the
    focal loss, and with ``gamma=0`` cross-entropy. The distance is 0 on both steps beside a change of label, counted
    in steps (in images: in steps along the axes, added up). A change to or from an ignored step is no transition.

    Args:
        near: weight at a transition.
        width: steps over which it fades, the standard deviation of a bell curve.
        name: shown in logs.
        **options: those of ``Focal``.

    Raises:
        InputError: ``near`` is below 0, or ``width`` is not above 0.

    Examples:
        >>> import numpy as np
        >>> prob = np.full((1, 4, 2), 0.5, "float32")
        >>> loss = TemporalFocal(near=3.0, width=1e-3, gamma=0.0)  # two of four steps count three times
        >>> print(f"{float(loss(np.array([[0, 0, 1, 1]]), prob)) / np.log(2):.4f}")
        2.0000
    """

    def __init__(
        self,
        near: float = 2.0,
        width: float = 5.0,
        *,
        name: str | None = "temporal_focal",
        **options: Any,
    ) -> None:
        super().__init__(name=name, **options)
        if near < 0:
            raise InputError(f"near: expected a weight of at least 0. Received {near}")
        if not width > 0:
            raise InputError(f"width: expected a number of steps above 0. Received {width}")
        self.near, self.width = float(near), float(width)

    def terms(self, steps: Steps) -> Terms:
        """One term per step (and class, where labels may overlap)."""
        value, weight, count = super().terms(steps)
        if self.near == 1:
            return Terms(value, weight, count)
        distance = steps_to_transition(steps.y_true, steps.valid, furthest=int(SPREADS * self.width) + 1)
        share = 1.0 + (self.near - 1.0) * ops.exp(-0.5 * ops.square(distance / self.width))
        return Terms(value, weight * (ops.expand_dims(share, -1) if self.multilabel else share), count)

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        return {**super().get_config(), "near": self.near, "width": self.width}
