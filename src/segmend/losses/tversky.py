"""Overlap with a price of its own for each kind of mistake, per class."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.errors import InputError
from segmend.losses.region import Region
from segmend.ops.steps import EPSILON
from segmend.scoring.readings import Counts, tversky


@keras.saving.register_keras_serializable(package="segmend")
class Tversky(Region):
    r"""One minus the soft Tversky index of each class, averaged over classes.

    .. math:: 1 - \frac{TP + \epsilon}{TP + \alpha FP + \beta FN + \epsilon}

    ``alpha = beta = 0.5`` is Dice (with half its smoothing), ``alpha = beta = 1`` is Jaccard; a larger ``beta`` asks
    for recall. ``keras.losses.Tversky`` is not used: up to Keras 3.15 it swaps the two, and it ignores masks.

    Args:
        alpha: price of false positives.
        beta: price of false negatives.
        gamma: power of the loss; 1 for none. ``FocalTversky`` is this with another default.
        name: shown in logs.
        **options: those of ``Region``.

    Raises:
        InputError: a price is below 0, or both are 0, or gamma is not above 0.

    Source:
        Salehi et al. 2017, "Tversky loss function for image segmentation using 3D fully convolutional deep networks".

    Examples:
        >>> import numpy as np
        >>> prob = np.array([[[0.5, 0.5], [0.5, 0.5], [0.0, 1.0]]], "float32")
        >>> loss = Tversky(alpha=1.0, beta=0.0, smoothing=0.0, background=0)
        >>> print(f"{float(loss(np.array([[0, 0, 1]]), prob)):.4f}")  # 1 - 1 / (1 + 1)
        0.5000
    """

    def __init__(
        self,
        *,
        alpha: float = 0.3,
        beta: float = 0.7,
        gamma: float = 1.0,
        name: str | None = "tversky",
        **options: Any,
    ) -> None:
        super().__init__(name=name, **options)
        if min(alpha, beta) < 0 or alpha + beta == 0:
            raise InputError(f"alpha, beta: expected prices of at least 0, not both 0. Received {alpha} and {beta}")
        if not gamma > 0:
            raise InputError(f"gamma: expected a power above 0. Received {gamma}")
        self.alpha, self.beta, self.gamma = float(alpha), float(beta), float(gamma)

    def score(self, counts: Counts) -> Any:
        """One minus the loss, so that a power of the loss is still one minus a score."""
        index = tversky(
            counts, alpha=self.alpha, beta=self.beta, smooth=self.smoothing, zero_division=1.0, where=ops.where
        )
        if self.gamma == 1:
            return index
        # The slope of a power below 1 is infinite at 0, where the perfect prediction is: a straight line goes there.
        wrong = 1.0 - index
        bent = ops.power(ops.maximum(wrong, EPSILON), self.gamma)
        return 1.0 - ops.where(wrong > EPSILON, bent, wrong * EPSILON ** (self.gamma - 1.0))

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        return {**super().get_config(), "alpha": self.alpha, "beta": self.beta, "gamma": self.gamma}


@keras.saving.register_keras_serializable(package="segmend")
class FocalTversky(Tversky):
    r"""The Tversky loss to a power: below 1, classes that are nearly right still pull.

    .. math:: (1 - \text{Tversky index})^\gamma

    Arguments are those of ``Tversky``. The paper writes the power as 1 / gamma, with 4 / 3.

    Source:
        Abraham and Khan 2019, "A novel focal Tversky loss function with improved attention U-Net for lesion
        segmentation".

    Examples:
        >>> import numpy as np
        >>> prob = np.array([[[0.5, 0.5], [0.5, 0.5], [0.0, 1.0]]], "float32")
        >>> loss = FocalTversky(alpha=1.0, beta=0.0, gamma=0.5, smoothing=0.0, background=0)
        >>> print(f"{float(loss(np.array([[0, 0, 1]]), prob)):.4f}")  # (1 - 1 / (1 + 1)) ** 0.5
        0.7071
    """

    def __init__(self, *, gamma: float = 0.75, name: str | None = "focal_tversky", **options: Any) -> None:
        super().__init__(gamma=gamma, name=name, **options)
