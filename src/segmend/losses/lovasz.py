"""The intersection over union itself, made convex in the errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
from keras import ops

from segmend.losses.base import Terms
from segmend.losses.region import Absent, Over, Region
from segmend.ops import Steps


@keras.saving.register_keras_serializable(package="segmend")
class Lovasz(Region):
    r"""The Lovász extension of the Jaccard loss of each class, averaged over classes (Lovász-softmax).

    .. math:: \sum_{i=1}^{n} m_{(i)} \bigl(J(\{(1), \dots, (i)\}) - J(\{(1), \dots, (i - 1)\})\bigr), \quad m = |y - p|

    with errors m in falling order and J(S) one minus the intersection over union where just the steps S are wrong.
    Where predictions are sure it is that, as ``Jaccard`` is; in between it is the largest convex function of the errors
    that lies below. A step of weight w counts as w steps. Where labels may overlap each class is taken by its sigmoid.

    Args:
        absent: what a class does that has no judged step in its recording (or batch): "skip" leaves it out of the mean,
            as the paper found best; "score" keeps it, at its largest error.
        background: class number to leave out of the mean, or None to keep all classes.
        over: "recording" or "batch": what J is the Jaccard loss of.
        multilabel: whether labels may overlap.
        class_weight: what each class counts for in the mean; None weighs all alike.
        from_logits: whether the model's last layer is linear.
        reduction: "mean" (over recordings and classes), "sum", or "none" (one value per recording and class).
        name: shown in logs.

    Raises:
        InputError: an argument is not one of its values.

    Source:
        Berman et al. 2018, "The Lovász-softmax loss: a tractable surrogate for the optimization of the
        intersection-over-union measure in neural networks".

    Examples:
        >>> import numpy as np
        >>> present = np.array([[0.2, 0.9, 0.4]], "float32")
        >>> prob = np.stack([1 - present, present], axis=-1)
        >>> loss = Lovasz(background=0)(np.array([[0, 1, 1]]), prob)  # 0.6 * 1/2 + 0.2 * (2/3 - 1/2) + 0.1 * (1 - 2/3)
        >>> print(f"{float(loss):.4f}")
        0.3667
    """

    def __init__(
        self,
        absent: Absent = "skip",
        background: int | None = None,
        over: Over = "recording",
        multilabel: bool = False,
        class_weight: Sequence[float] | Mapping[int, float] | None = None,
        from_logits: bool = False,
        reduction: str | None = "mean",
        name: str | None = "lovasz",
    ) -> None:
        super().__init__(
            absent=absent,
            background=background,
            over=over,
            multilabel=multilabel,
            class_weight=class_weight,
            from_logits=from_logits,
            reduction=reduction,
            name=name,
        )

    def terms(self, steps: Steps) -> Terms:
        """One term per recording (or batch) and class."""
        counted = self.counted(*self.counts(steps))
        classes = steps.y_prob.shape[-1]
        rows = (1, -1) if self.over == "batch" else (ops.shape(steps.valid)[0], -1)
        weight = ops.reshape(steps.weight, (*rows, 1))
        y_true, y_prob = (ops.reshape(each, (*rows, classes)) for each in (steps.y_true, steps.y_prob))
        error = ops.where(weight > 0, ops.abs(y_true - y_prob), 0.0)
        order = ops.argsort(-ops.stop_gradient(error), axis=1)
        error, there, beside = (
            ops.take_along_axis(each, order, axis=1) for each in (error, weight * y_true, weight * (1.0 - y_true))
        )
        value = ops.sum(error * _gains(there, beside), axis=1)
        return Terms(value[0] if self.over == "batch" else value, counted, counted)

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        config = super().get_config()
        del config["smoothing"]
        return config


def _gains(there: Any, beside: Any) -> Any:
    """What each further wrong step adds to the Jaccard loss; shapes (recordings, steps, classes).

    Args:
        there: weights of the steps of the class, the step that is wrong first coming first.
        beside: weights of the other steps.
    """
    whole = ops.sum(there, axis=1, keepdims=True)
    left = whole - ops.cumsum(there, axis=1)
    union = whole + ops.cumsum(beside, axis=1)
    lost = ops.where(union > 0, 1.0 - ops.divide_no_nan(left, union), 0.0)
    return lost - ops.pad(lost[:, :-1], ((0, 0), (1, 0), (0, 0)))
