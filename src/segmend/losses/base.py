"""What every loss shares: reading the batch, ignoring, weighing, reducing, adding."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import keras
from keras import ops

from segmend.errors import InputError
from segmend.losses.ramp import Ramp
from segmend.ops import Steps, keras_mask, read_steps

LossLike = Callable[..., Any]
Part = tuple[float | Ramp, LossLike]


MINIMA = ("perfect", "regulariser", "shifted")
REDUCTIONS = ("mean", "sum", "none", None)


class Terms(NamedTuple):
    """What a loss is the mean of.

    Attributes:
        value: the terms: one per step, or one per recording and class.
        weight: what each term counts for in the sum, broadcastable to ``value``.
        count: what each term counts for in the number that the sum is divided by, broadcastable to ``value``.
    """

    value: Any
    weight: Any
    count: Any


class Loss(keras.losses.Loss):
    """Base of the losses; a subclass writes ``terms`` and nothing else.

    Labels may be dense ``(batch, *spatial)`` or one-hot ``(batch, *spatial, classes)``; predictions are
    ``(batch, *spatial, classes)``, or a single channel for class 1. Where labels may overlap (``multilabel``), labels
    are 0 or 1 for each class. A step is ignored where its label is -1, its Keras mask is False or its weight is 0;
    ignored steps change neither the value nor the gradient, so a padded batch with a mask equals the cropped one. Sums
    are in float32.

    Attributes:
        minimum: what the perfect prediction is: "perfect": the minimum, of value 0; "regulariser": nothing special, for
            the loss only asks for a kind of prediction; "shifted": the minimum lies elsewhere on purpose.
        ranks: numbers of spatial axes that the loss is defined for; None for any.

    Args:
        class_weight: one factor per class, as a list or as a dict with every class number; None weighs all alike.
        from_logits: whether the model's last layer is linear.
        reduction: "mean" (over what is judged), "sum", or "none".
        name: shown in logs.

    Raises:
        InputError: the class weights are negative, not finite, or not one per class; or the reduction is another one.
    """

    minimum = "perfect"
    ranks: tuple[int, ...] | None = None
    multilabel = False

    def __init__(
        self,
        *,
        class_weight: Sequence[float] | Mapping[int, float] | None = None,
        from_logits: bool = False,
        reduction: str | None = "mean",
        name: str | None = None,
    ) -> None:
        if reduction not in REDUCTIONS:
            raise InputError(f'reduction: expected "mean", "sum" or "none". Received {reduction!r}')
        super().__init__(name=name, reduction=reduction, dtype="float32")
        self.class_weight = read_class_weight(class_weight)
        self.from_logits = bool(from_logits)

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """The loss of one batch: a number, or the weighted terms where the reduction is "none"."""
        mask = keras_mask(y_pred)
        with keras.name_scope(self.name):
            value, weight, count = self.terms(self.read(y_true, y_pred, sample_weight, mask))
            weighted = value * weight
            if self.reduction in (None, "none"):
                return weighted
            total = ops.sum(weighted)
            if self.reduction == "sum":
                return total
            count = ops.broadcast_to(count, ops.shape(value))
            return ops.divide_no_nan(total, ops.sum(count))

    def read(self, y_true: Any, y_pred: Any, sample_weight: Any = None, mask: Any = None) -> Steps:
        """The batch, as this loss takes it; arguments as for ``ops.read_steps``.

        Raises:
            InputError: the shapes do not belong together, or the loss is not defined for so many spatial axes.
        """
        steps = read_steps(
            y_true, y_pred, sample_weight, mask, from_logits=self.from_logits, multilabel=self.multilabel
        )
        self._check_rank(tuple(steps.valid.shape))
        self._check_classes(steps.y_prob.shape[-1])
        return steps

    def terms(self, steps: Steps) -> Terms:
        """The formula."""
        raise NotImplementedError

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """The weighted terms of a batch without masks, as Keras defines ``call``."""
        value, weight, _ = self.terms(self.read(y_true, y_pred))
        return value * weight

    def weights_by_class(self, classes: int) -> Any:
        """The class weights as a tensor ``(classes,)``."""
        weights = self.class_weight or (1.0,) * classes
        return ops.convert_to_tensor(weights, dtype="float32")

    def get_config(self) -> dict[str, Any]:
        """The arguments, so that a compiled model can be saved."""
        weights = None if self.class_weight is None else list(self.class_weight)
        return {
            "class_weight": weights,
            "from_logits": self.from_logits,
            "reduction": self.reduction,
            "name": self.name,
        }

    def __add__(self, other: LossLike) -> Sum:
        return Sum([*_parts(self), *_parts(other)])

    def __radd__(self, other: LossLike) -> Sum:
        return Sum([*_parts(other), *_parts(self)])

    def __mul__(self, factor: float | Ramp) -> Sum:
        return Sum([(_times(factor, share), loss) for share, loss in _parts(self)])

    __rmul__ = __mul__

    def _check_rank(self, shape: tuple[int, ...]) -> None:
        if self.ranks is not None and len(shape) - 1 not in self.ranks:
            axes = " or ".join(map(str, self.ranks))
            raise InputError(
                f"y_true: {type(self).__name__} expects labels (batch, *spatial) with {axes} spatial axes. "
                f"Received shape {shape}"
            )

    def _check_classes(self, classes: int) -> None:
        if self.class_weight is not None and len(self.class_weight) != classes:
            raise InputError(
                f"class_weight: expected {classes} weights, one for each class of y_pred. "
                f"Received {len(self.class_weight)}"
            )


@keras.saving.register_keras_serializable(package="segmend")
class Sum(Loss):
    """A weighted sum of losses, as ``a + b`` and ``0.5 * a`` make it.

    Args:
        parts: losses (Keras' own included), each alone or as (factor, loss); a factor that is a ``Ramp`` changes over
            epochs, by ``callbacks.LossSchedule``.
        name: shown in logs.

    Raises:
        InputError: there is no part.

    Examples:
        >>> from segmend.losses import CrossEntropy, Dice, Ramp
        >>> loss = CrossEntropy() + 0.5 * Dice()
        >>> loss.factors
        [1.0, 0.5]
        >>> loss = CrossEntropy() + Ramp(0.0, 1.0, first=0, last=4) * Dice()
        >>> loss.move_to(epoch=1), loss.factors
        (True, [1.0, 0.25])
    """

    def __init__(self, parts: Sequence[LossLike | Part], *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.parts: tuple[Part, ...] = tuple(
            (part[0], part[1]) if isinstance(part, tuple | list) else (1.0, part) for part in parts
        )
        if not self.parts:
            raise InputError("losses.Sum: expected at least one loss. Received none")
        self.minimum = max((getattr(loss, "minimum", "perfect") for _, loss in self.parts), key=MINIMA.index)
        self.factors: list[float] = []
        self.move_to(epoch=0)

    def move_to(self, *, epoch: int) -> bool:
        """Take the factors of an epoch; whether one of them changed."""
        factors = [factor.at(epoch) if isinstance(factor, Ramp) else float(factor) for factor, _ in self.parts]
        changed = factors != self.factors
        self.factors = factors
        return changed

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """The sum over the parts, each reduced in its own way."""
        total: Any = 0.0
        for factor, (_, loss) in zip(self.factors, self.parts, strict=True):
            total = total + factor * loss(y_true, y_pred, sample_weight=sample_weight)
        return total

    def get_config(self) -> dict[str, Any]:
        """The parts, serialised."""
        parts = [
            [keras.saving.serialize_keras_object(factor), keras.losses.serialize(loss)] for factor, loss in self.parts
        ]
        return {"parts": parts, "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Sum:
        """The sum back from ``get_config``."""
        parts = [
            (keras.saving.deserialize_keras_object(factor), keras.losses.deserialize(loss))
            for factor, loss in config["parts"]
        ]
        return cls(parts, name=config["name"])


def read_class_weight(weights: Sequence[float] | Mapping[int, float] | None) -> tuple[float, ...] | None:
    """Class weights as a tuple in the order of the class numbers.

    Raises:
        InputError: a class is missing, or a weight is negative or not finite.

    Examples:
        >>> read_class_weight({1: 9, 0: 1})
        (1.0, 9.0)
    """
    if weights is None:
        return None
    if isinstance(weights, Mapping):
        if sorted(weights) != list(range(len(weights))):
            raise InputError(
                f"class_weight: expected one weight for each class number from 0. Received {sorted(weights)}"
            )
        weights = [weights[k] for k in range(len(weights))]
    known = tuple(float(weight) for weight in weights)
    if not all(0 <= weight < float("inf") for weight in known):
        raise InputError(f"class_weight: expected finite weights of at least 0. Received {list(known)}")
    return known


def _parts(loss: LossLike) -> tuple[Part, ...]:
    return loss.parts if isinstance(loss, Sum) else ((1.0, loss),)


def _times(one: float | Ramp, other: float | Ramp) -> float | Ramp:
    if isinstance(one, Ramp):
        if isinstance(other, Ramp):
            raise InputError("losses.Sum: expected one Ramp for a loss. Received a Ramp of a Ramp")
        return one.scaled(other)
    return other.scaled(one) if isinstance(other, Ramp) else one * other
