"""Dice over all classes at once, each class by the inverse square of its volume."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.losses.base import Terms
from segmend.losses.region import Region
from segmend.ops import Steps
from segmend.scoring.readings import Counts


@keras.saving.register_keras_serializable(package="segmend")
class GeneralisedDice(Region):
    r"""One minus the generalised Dice coefficient of each recording (or batch).

    .. math:: 1 - \frac{2 \sum_c w_c \sum_t y_{tc} p_{tc} + \epsilon}
        {\sum_c w_c \sum_t (y_{tc} + p_{tc}) + \epsilon}, \quad w_c = 1 / \Bigl(\sum_t y_{tc}\Bigr)^2

    A class that is not there has no volume to divide by: it is left out (``absent="skip"``) or weighs like the smallest
    one that is there (``absent="score"``). Class weights multiply w. Arguments are those of ``Region``; ``smoothing``
    is the epsilon, and 0 by default, for the weights make it a matter of scale.

    Source:
        Sudre et al. 2017, "Generalised Dice overlap as a deep learning loss function for highly unbalanced
        segmentations".

    Examples:
        >>> import numpy as np
        >>> prob = np.array([[[0.5, 0.5], [0.5, 0.5], [0.0, 1.0]]], "float32")
        >>> loss = GeneralisedDice()(np.array([[0, 0, 1]]), prob)  # w = 1/4, 1: 1 - 2 (1/4 + 1) / (3/4 + 3)
        >>> print(f"{float(loss):.4f}")
        0.3333
    """

    def __init__(self, *, smoothing: float = 0.0, name: str | None = "generalised_dice", **options: Any) -> None:
        super().__init__(smoothing=smoothing, name=name, **options)

    def terms(self, steps: Steps) -> Terms:
        """One term per recording (or batch)."""
        counts, judged = self.counts(steps)
        there = counts.tp + counts.fn
        weight = self.counted(counts, judged) * self._rarity(there)
        shared, both = ops.sum(weight * counts.tp, axis=-1), ops.sum(weight * _volume(counts), axis=-1)
        score = (2.0 * shared + self.smoothing) / ops.where(both + self.smoothing > 0, both + self.smoothing, 1.0)
        counted = ops.cast(both > 0, "float32")
        return Terms(1.0 - score, counted, counted)

    def _rarity(self, there: Any) -> Any:
        weight = ops.square(ops.divide_no_nan(ops.ones_like(there), there))
        if self.absent == "skip":
            return weight
        return ops.where(there > 0, weight, ops.max(weight, axis=-1, keepdims=True))


def _volume(counts: Counts) -> Any:
    return 2.0 * counts.tp + counts.fp + counts.fn
