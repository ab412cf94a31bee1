"""Soft Dice, per class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

import keras
from keras import ops

from segmend.errors import InputError
from segmend.losses.base import Loss, Terms
from segmend.ops import Steps
from segmend.scoring.readings import Counts, f1

Absent = Literal["skip", "score"]


@keras.saving.register_keras_serializable(package="segmend")
class Dice(Loss):
    r"""One minus the soft Dice coefficient of each class, averaged over classes.

    .. math:: 1 - \frac{2 \sum_t y_t p_t + \epsilon}{\sum_t y_t + \sum_t p_t + \epsilon}

    Sums run over the judged steps of one recording (or of the batch) *per class*; the mean over classes comes after.
    Summed over classes and steps together, one-hot Dice would be 1 - mean p(true class) and no help against imbalance.
    Use it together with cross-entropy: alone its gradient vanishes where a class is missed with certainty.

    Args:
        absent: what a class does that has no judged step in its recording (or batch): "skip" leaves it out of the
            mean; "score" keeps it, at nearly 1 when anything is predicted of it and 0 when nothing is.
        background: class number to leave out of the mean, or None to keep all classes.
        over: "recording" sums over each recording by itself; "batch" over all recordings of the batch, steadier where
            classes are rare and windows short.
        smoothing: the epsilon, in steps.
        class_weight: what each class counts for in the mean; None weighs all alike.
        from_logits: whether the model's last layer is linear.
        reduction: "mean" (over recordings and classes), "sum", or "none" (one value per recording and class).
        name: shown in logs.

    Raises:
        InputError: an argument is not one of its values.

    Source:
        Milletari et al. 2016, "V-Net"; Reinke et al. 2021, "Common limitations of image processing metrics".

    Examples:
        >>> import numpy as np
        >>> prob = np.array([[[0.5, 0.5], [0.5, 0.5], [0.0, 1.0]]], "float32")
        >>> loss = Dice(smoothing=0.0)(np.array([[0, 0, 1]]), prob)  # 1 - mean(2*1/(2+1), 2*1/(1+2))
        >>> print(f"{float(loss):.4f}")
        0.3333
    """

    def __init__(
        self,
        absent: Absent = "skip",
        background: int | None = None,
        over: Literal["recording", "batch"] = "recording",
        smoothing: float = 1.0,
        class_weight: Sequence[float] | Mapping[int, float] | None = None,
        from_logits: bool = False,
        reduction: str | None = "mean",
        name: str | None = "dice",
    ) -> None:
        super().__init__(class_weight=class_weight, from_logits=from_logits, reduction=reduction, name=name)
        if absent not in get_args(Absent):
            raise InputError(f'absent: expected "skip" or "score". Received {absent!r}')
        if over not in ("recording", "batch"):
            raise InputError(f'over: expected "recording" or "batch". Received {over!r}')
        if smoothing < 0:
            raise InputError(f"smoothing: expected a number of steps of at least 0. Received {smoothing}")
        self.absent, self.background, self.over, self.smoothing = absent, background, over, float(smoothing)

    def terms(self, steps: Steps) -> Terms:
        """One term per recording (or batch) and class."""
        axes = list(range(0 if self.over == "batch" else 1, len(steps.y_prob.shape) - 1))
        weight = ops.expand_dims(steps.weight, -1)
        y_prob = ops.where(weight > 0, steps.y_prob, ops.zeros_like(steps.y_prob))
        both = ops.sum(weight * steps.y_true * y_prob, axis=axes)
        there = ops.sum(weight * steps.y_true, axis=axes)
        predicted = ops.sum(weight * y_prob, axis=axes)
        counts = Counts(both, predicted - both, there - both)
        score = f1(counts, smooth=self.smoothing, zero_division=1.0, where=ops.where)
        counted = self._counted(there, steps)
        return Terms(1.0 - score, counted, counted)

    def _counted(self, there: Any, steps: Steps) -> Any:
        """What each recording and class counts for in the mean."""
        classes = steps.y_prob.shape[-1]
        share = self.weights_by_class(classes)
        if self.background is not None:
            share = share * ops.cast(ops.arange(classes) != self.background, "float32")
        judged = there if self.absent == "skip" else ops.sum(there, axis=-1, keepdims=True)
        return ops.cast(judged > 0, "float32") * share

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        own = {"absent": self.absent, "background": self.background, "over": self.over, "smoothing": self.smoothing}
        return {**super().get_config(), **own}
