"""What the region losses share: soft counts of each class, one minus a reading of them, and which classes count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from keras import ops

from segmend.errors import InputError
from segmend.losses.base import Loss, Terms
from segmend.ops import Steps
from segmend.scoring.readings import Counts

Absent = Literal["skip", "score"]
Over = Literal["recording", "batch"]


class Region(Loss):
    """Base of the region losses; a subclass writes ``score``, a reading of soft counts.

    Sums run over the judged steps of one recording (or of the batch) *per class*; the mean over classes comes after.

    Args:
        absent: what a class does that has no judged step in its recording (or batch): "skip" leaves it out of the
            mean; "score" keeps it, at nearly 1 when anything is predicted of it and 0 when nothing is.
        background: class number to leave out of the mean, or None to keep all classes.
        over: "recording" sums over each recording by itself; "batch" over all recordings of the batch, steadier where
            classes are rare and windows short.
        smoothing: added above and below, in steps.
        multilabel: whether labels may overlap: 0 or 1 for each class, probabilities by the sigmoid.
        class_weight: what each class counts for in the mean; None weighs all alike.
        from_logits: whether the model's last layer is linear.
        reduction: "mean" (over recordings and classes), "sum", or "none" (one value per recording and class).
        name: shown in logs.

    Raises:
        InputError: an argument is not one of its values.
    """

    def __init__(
        self,
        absent: Absent = "skip",
        background: int | None = None,
        over: Over = "recording",
        smoothing: float = 1.0,
        multilabel: bool = False,
        class_weight: Sequence[float] | Mapping[int, float] | None = None,
        from_logits: bool = False,
        reduction: str | None = "mean",
        name: str | None = None,
    ) -> None:
        super().__init__(class_weight=class_weight, from_logits=from_logits, reduction=reduction, name=name)
        if absent not in get_args(Absent):
            raise InputError(f'absent: expected "skip" or "score". Received {absent!r}')
        if over not in get_args(Over):
            raise InputError(f'over: expected "recording" or "batch". Received {over!r}')
        if smoothing < 0:
            raise InputError(f"smoothing: expected a number of steps of at least 0. Received {smoothing}")
        self.absent, self.background, self.over, self.smoothing = absent, background, over, float(smoothing)
        self.multilabel = bool(multilabel)

    def score(self, counts: Counts) -> Any:
        """From 0 to 1, 1 being perfect: a reading of counts of shape (recordings, classes) or (classes,)."""
        raise NotImplementedError

    def terms(self, steps: Steps) -> Terms:
        """One term per recording (or batch) and class."""
        counts, judged = self.counts(steps)
        counted = self.counted(counts, judged)
        return Terms(1.0 - self.score(counts), counted, counted)

    def counts(self, steps: Steps) -> tuple[Counts, Any]:
        """Soft counts, and the judged steps, both summed over recordings (or the batch)."""
        axes = list(range(0 if self.over == "batch" else 1, len(steps.y_prob.shape) - 1))
        weight = ops.expand_dims(steps.weight, -1)
        y_prob = ops.where(weight > 0, steps.y_prob, ops.zeros_like(steps.y_prob))
        both = ops.sum(weight * steps.y_true * y_prob, axis=axes)
        there = ops.sum(weight * steps.y_true, axis=axes)
        predicted = ops.sum(weight * y_prob, axis=axes)
        return Counts(both, predicted - both, there - both), ops.sum(weight, axis=axes)

    def counted(self, counts: Counts, judged: Any) -> Any:
        """What each recording and class counts for in the mean."""
        there = counts.tp + counts.fn
        classes = there.shape[-1]
        share = self.weights_by_class(classes)
        if self.background is not None:
            share = share * ops.cast(ops.arange(classes) != self.background, "float32")
        held = there if self.absent == "skip" else judged
        return ops.cast(held > 0, "float32") * share

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        names = ("absent", "background", "over", "smoothing", "multilabel")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
