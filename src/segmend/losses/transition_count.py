"""The right number of segments of each class."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.errors import InputError
from segmend.losses.counting import Counting
from segmend.ops import Steps


@keras.saving.register_keras_serializable(package="segmend")
class TransitionCount(Counting):
    r"""How far the soft number of segments of each class in a recording is from the true one.

    .. math:: n_c = \sum_t \max(0, q_{tc} - q_{t-1,c}), \quad
        q_{tc} = p_{tc}^k \Big/ \sum_j p_{tj}^k, \quad \frac{h(\hat n_c - n_c)}{1 + n_c}

    with h the Huber function that bends at one segment: n is what the class rises by in all, and on labels of 0 and 1
    exactly the number of segments. A judged stretch begins at 0, so a class that is there at once counts, and ignored
    steps cut a recording as they do everywhere. Where there are too many segments, peaks are lowered and valleys
    between them filled; where there are too few, peaks are raised and valleys deepened. It says how many, not where:
    the perfect prediction is one of many minima, so add it to another loss, ``CrossEntropy() + 0.1 *
    TransitionCount()``.

    Without sharpening, ripple far from a decision counts as much as a flicker across it: a thousand steps that waver by
    0.01 would make five segments. Larger k counts more like the argmax and pulls harder near a decision, but hardly
    where the network is sure. The number of segments is that of whatever the loss is given: of a window, while windows
    are trained on. Defined for recordings with one spatial axis: along the lines of an image it would not count
    objects.

    Args:
        sharpness: the power k.
        name: shown in logs.
        **options: those of ``Counting``.

    Raises:
        InputError: ``sharpness`` is not above 0; when called: the labels have not one spatial axis.

    Examples:
        >>> import numpy as np
        >>> present = np.array([[0.0, 1.0, 0.5, 1.0]], "float32")
        >>> prob = np.stack([1 - present, present], axis=-1)
        >>> loss = TransitionCount(background=0)(np.array([[0, 1, 1, 1]]), prob)  # rises by 1.5: 0.5 ** 2 / 2 / (1 + 1)
        >>> print(f"{float(loss):.4f}")
        0.0625
    """

    ranks = (1,)

    def __init__(self, sharpness: float = 2.0, *, name: str | None = "transition_count", **options: Any) -> None:
        super().__init__(name=name, **options)
        if not 0 < sharpness < float("inf"):
            raise InputError(f"sharpness: expected a power above 0. Received {sharpness}")
        self.sharpness = float(sharpness)

    def errors(self, steps: Steps) -> Any:
        """The Huber function of the difference, to one more than the true number."""
        true = _rises(steps.y_true, steps.valid)
        over = _rises(self._sharpened(steps), steps.valid) - true
        size = ops.abs(over)
        return ops.where(size < 1.0, 0.5 * ops.square(over), size - 0.5) / (1.0 + true)

    def _sharpened(self, steps: Steps) -> Any:
        """Probabilities to a power, made to add up to 1 again; 0 where a step is ignored, whatever stands there."""
        valid = ops.expand_dims(steps.valid, -1)
        log_prob = ops.where(valid > 0, steps.log_prob, ops.zeros_like(steps.log_prob))
        if not self.multilabel:
            return valid * ops.softmax(self.sharpness * log_prob, axis=-1)
        log_not = ops.where(valid > 0, steps.log_not, ops.zeros_like(steps.log_not))
        return valid * ops.sigmoid(self.sharpness * (log_prob - log_not))

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        return {**super().get_config(), "sharpness": self.sharpness}


def _rises(share: Any, valid: Any) -> Any:
    """What each class rises by in all, from 0 at the beginning of each judged stretch; shape (batch, classes)."""
    share = share * ops.expand_dims(valid, -1)
    before = ops.pad(share[:, :-1], ((0, 0), (1, 0), (0, 0)))
    return ops.sum(ops.maximum(share - before, 0.0), axis=1)
