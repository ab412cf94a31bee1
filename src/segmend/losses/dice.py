"""Soft Dice, per class."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.losses.region import Region
from segmend.scoring.readings import Counts, f1


@keras.saving.register_keras_serializable(package="segmend")
class Dice(Region):
    r"""One minus the soft Dice coefficient of each class, averaged over classes.

    .. math:: 1 - \frac{2 \sum_t y_t p_t + \epsilon}{\sum_t y_t + \sum_t p_t + \epsilon}

    Summed over classes and steps together, as ``keras.losses.Dice`` does, one-hot Dice would be 1 - mean p(true class)
    and no help against imbalance. Use it together with cross-entropy: alone its gradient vanishes where a class is
    missed with certainty. Arguments are those of ``Region``; ``smoothing`` is the epsilon.

    Source:
        Milletari et al. 2016, "V-Net"; Reinke et al. 2021, "Common limitations of image processing metrics".

    Examples:
        >>> import numpy as np
        >>> prob = np.array([[[0.5, 0.5], [0.5, 0.5], [0.0, 1.0]]], "float32")
        >>> loss = Dice(smoothing=0.0)(np.array([[0, 0, 1]]), prob)  # 1 - mean(2*1/(2+1), 2*1/(1+2))
        >>> print(f"{float(loss):.4f}")
        0.3333
    """

    def __init__(self, *, name: str | None = "dice", **options: Any) -> None:
        super().__init__(name=name, **options)

    def score(self, counts: Counts) -> Any:
        """``2 tp / (2 tp + fp + fn)``."""
        return f1(counts, smooth=self.smoothing, zero_division=1.0, where=ops.where)
