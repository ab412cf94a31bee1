"""Soft intersection over union, per class."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.losses.region import Region
from segmend.scoring.readings import Counts, iou


@keras.saving.register_keras_serializable(package="segmend")
class Jaccard(Region):
    r"""One minus the soft intersection over union of each class, averaged over classes.

    .. math:: 1 - \frac{\sum_t y_t p_t + \epsilon}{\sum_t y_t + \sum_t p_t - \sum_t y_t p_t + \epsilon}

    It has the minimum of Dice and punishes small overlaps harder. Arguments are those of ``Region``; ``smoothing`` is
    the epsilon.

    Source:
        Rahman and Wang 2016, "Optimizing intersection-over-union in deep neural networks for image segmentation".

    Examples:
        >>> import numpy as np
        >>> prob = np.array([[[0.5, 0.5], [0.5, 0.5], [0.0, 1.0]]], "float32")
        >>> print(f"{float(Jaccard(smoothing=0.0)(np.array([[0, 0, 1]]), prob)):.4f}")  # 1 - mean(1/2, 1/2)
        0.5000
    """

    def __init__(self, *, name: str | None = "jaccard", **options: Any) -> None:
        super().__init__(name=name, **options)

    def score(self, counts: Counts) -> Any:
        """``tp / (tp + fp + fn)``."""
        return iou(counts, smooth=self.smoothing, zero_division=1.0, where=ops.where)
