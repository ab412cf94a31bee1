"""What the losses share that judge a recording as a whole: how many segments of each class it holds."""

from __future__ import annotations

from typing import Any

from keras import ops

from segmend.losses.base import Loss, Terms
from segmend.ops import Steps


class Counting(Loss):
    """Base of the losses that compare numbers of segments; a subclass writes ``errors``.

    A count is of a recording as a whole, so step weights count as their mean over its judged steps.

    Args:
        background: class number to leave out, or None to keep all classes.
        multilabel: whether labels may overlap: 0 or 1 for each class, probabilities by the sigmoid.
        name: shown in logs.
        **options: those of ``Loss``; ``class_weight`` is what each class counts for in the mean, and ``reduction``
            "none" gives one value per recording and class.
    """

    def __init__(
        self, *, background: int | None = None, multilabel: bool = False, name: str | None = None, **options: Any
    ) -> None:
        super().__init__(name=name, **options)
        self.background, self.multilabel = background, bool(multilabel)

    def errors(self, steps: Steps) -> Any:
        """How wrong each recording and class is, shape (batch, classes); 0 where the prediction is perfect."""
        raise NotImplementedError

    def terms(self, steps: Steps) -> Terms:
        """One term per recording and class."""
        axes = list(range(1, len(steps.valid.shape)))
        judged = ops.sum(steps.valid, axis=axes)
        mean = ops.divide_no_nan(ops.sum(steps.weight, axis=axes), judged)
        classes = steps.y_prob.shape[-1]
        share = self.weights_by_class(classes)
        if self.background is not None:
            share = share * ops.cast(ops.arange(classes) != self.background, "float32")
        count = ops.expand_dims(ops.cast(judged > 0, "float32"), -1) * share
        return Terms(self.errors(steps), ops.expand_dims(mean, -1) * count, count)

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        return {**super().get_config(), "background": self.background, "multilabel": self.multilabel}
