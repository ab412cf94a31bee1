"""A proof, on one batch, that Keras applies the weights it is given."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import ops

from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.losses import Loss
from segmend.ops import keras_mask
from segmend.training.intended import intended_weights
from segmend.training.loss_and_output import loss_and_output

ClassWeight = Mapping[int, float] | Sequence[float]


class WeightCheck(NamedTuple):
    """What became of the weights of one batch.

    Attributes:
        by_keras: the loss that ``fit`` reports; NaN where it fails.
        by_hand: the loss with each step's weight; NaN where the loss has no value for each step.
        unweighted: the loss without weights.
        applied: whether the first two agree; None where the weights do not change this batch's loss.
        message: the verdict as a sentence.
    """

    by_keras: float
    by_hand: float
    unweighted: float
    applied: bool | None
    message: str


def check_weights(
    model_or_loss: Any, x: Any, y: Any, *, sample_weight: Any = None, class_weight: ClassWeight | None = None
) -> WeightCheck:
    """Compare the loss that Keras reports for one weighted batch with the same loss computed by hand.

    The predictions of the batch go through a ``fit`` of learning rate 0, by the way of Keras' own trainer; neither
    the model nor its optimizer is touched. By hand, each step counts for its sample weight times its class's weight,
    and the sum is reduced as the loss says. Losses of segmend are called with those weights: they take them inside.

    Args:
        model_or_loss: a compiled model of one output, or a loss.
        x: the model's inputs, one batch; for a loss the predictions, ``(batch, *spatial, classes)``.
        y: labels, in the form that ``fit`` gets.
        sample_weight: as for ``fit``: ``(batch,)``, ``(batch, *spatial)`` or ``(batch, *spatial, 1)``.
        class_weight: as for ``fit``. Meant is a weight for each step by its class; for overlapping labels, for each
            class's own term.

    Raises:
        InputError: there are no weights, the model has no loss or several outputs, or the shapes do not fit.

    Examples:
        >>> y_prob = np.array([[[0.9, 0.1], [0.4, 0.6], [0.7, 0.3]]] * 2, "float32")
        >>> y = np.array([[0, 1, 1], [0, 0, 1]])
        >>> weights = np.array([[0.6, 1.2, 1.2], [0.6, 0.6, 1.2]])
        >>> check_weights("sparse_categorical_crossentropy", y_prob, y, sample_weight=weights).applied
        True
        >>> check_weights("sparse_categorical_crossentropy", y_prob, y, class_weight={0: 0.6, 1: 1.2}).applied
        False
    """
    if sample_weight is None and class_weight is None:
        raise InputError("weights: expected sample_weight or class_weight. Received neither")
    if isinstance(model_or_loss, keras.Model):
        loss, y_pred = loss_and_output(model_or_loss, x)
    else:
        loss, y_pred = keras.losses.get(model_or_loss), ops.convert_to_tensor(x, dtype="float32")
    values, y = ops.convert_to_numpy(y_pred), np.asarray(y)
    weight = intended_weights(y, values.shape, sample_weight, class_weight)
    by_hand, unweighted = _by_hand(loss, y, y_pred, weight), _by_hand(loss, y, y_pred, None)
    try:
        by_keras = _by_keras(loss, y_pred, y, sample_weight, class_weight)
    except Exception as error:  # noqa: BLE001 - whatever stops fit is the answer
        said = next(iter(str(error).strip().splitlines()), "")
        return WeightCheck(math.nan, by_hand, unweighted, False, f"Keras fails: {type(error).__name__}: {said}")
    return WeightCheck(by_keras, by_hand, unweighted, *_verdict(by_keras, by_hand, unweighted))


def _verdict(by_keras: float, by_hand: float, unweighted: float) -> tuple[bool | None, str]:
    if math.isnan(by_hand):
        return False, "the loss has no value for each step: weights at most rescale the whole of it"
    if _close(by_hand, unweighted):
        return None, "these weights do not change the loss of this batch, so that nothing is proved"
    numbers = f"{by_keras:.6g} by Keras, {by_hand:.6g} by hand, {unweighted:.6g} without weights"
    if _close(by_keras, by_hand):
        return True, f"the weights are applied: {numbers}"
    if _close(by_keras, unweighted):
        return False, f"Keras ignores the weights: {numbers}"
    return False, f"Keras applies other weights: {numbers}"


def _close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-4, abs_tol=1e-7)


def _by_hand(loss: Any, y: Any, y_pred: Any, weight: FloatArray | None) -> float:
    """The weighted loss from its values at single steps; NaN where it has none."""
    if isinstance(loss, Loss):
        if weight is not None and weight.ndim == len(y_pred.shape):
            return math.nan
        return float(ops.convert_to_numpy(loss(y, y_pred, sample_weight=weight)))
    mask = keras_mask(y_pred)
    labels = np.asarray(y, np.float32)
    if labels.ndim == len(y_pred.shape) - 1 and y_pred.shape[-1] == 1:
        labels = labels[..., None]
    if weight is not None and weight.ndim == len(y_pred.shape):  # one value for each class, too
        labels, y_pred = labels[..., None], ops.expand_dims(y_pred, -1)
    value = getattr(loss, "call", loss)(ops.convert_to_tensor(labels), ops.convert_to_tensor(y_pred))
    value = np.asarray(ops.convert_to_numpy(value), np.float64)
    if value.ndim != len(y_pred.shape) - 1:
        return math.nan if weight is not None else float(value.mean())
    kept = np.ones(value.shape) if mask is None else np.asarray(ops.convert_to_numpy(mask), np.float64)
    kept = np.broadcast_to(kept.reshape(kept.shape + (1,) * (value.ndim - kept.ndim)), value.shape)
    share = kept if weight is None else kept * weight
    total = np.where(share > 0, share * value, 0.0).sum()
    reduction = getattr(loss, "reduction", "mean")
    return float(total / {"sum": 1.0, "mean_with_sample_weight": share.sum()}.get(reduction, kept.sum()))


def _by_keras(loss: Any, y_pred: Any, y: Any, sample_weight: Any, class_weight: ClassWeight | None) -> float:
    """The loss that ``fit`` reports for the predictions."""
    values, mask = ops.convert_to_numpy(y_pred), keras_mask(y_pred)
    kept = None if mask is None else ops.convert_to_numpy(mask)
    inputs = [keras.Input(values.shape[1:])]
    if kept is not None:
        inputs.append(keras.Input(kept.shape[1:], dtype="bool"))
    model = keras.Model(inputs, _Given()(inputs))
    model.compile(keras.optimizers.SGD(0.0), loss, run_eagerly=True)
    history = model.fit(
        [values] if kept is None else [values, kept],
        y,
        sample_weight=None if sample_weight is None else np.asarray(sample_weight),
        class_weight=class_weight,
        batch_size=len(values),
        verbose=0,
        shuffle=False,
    )
    return float(history.history["loss"][0])


class _Given(keras.layers.Layer):
    """Stands in for a model: what comes in goes out, with its mask, past a weight that a trainer can train."""

    def build(self, input_shape: Any) -> None:
        self.shift = self.add_weight(shape=(), initializer="zeros", name="shift")

    def call(self, inputs: Sequence[Any]) -> Any:
        return inputs[0] + self.shift

    def compute_mask(self, inputs: Sequence[Any], previous: Any = None) -> Any:
        return inputs[1] if len(inputs) > 1 else None
