"""What a batch says about its steps: one-hot labels, probabilities, and how much each step counts.

Losses and metrics share this one reading of ``(y_true, y_pred, sample_weight, mask)``, so that a step that one
ignores is ignored by all.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from keras import ops

from segmend.errors import InputError

EPSILON = 1e-7


class Steps(NamedTuple):
    """A batch, read.

    Attributes:
        y_true: share of each class at each step, ``(batch, *spatial, classes)``, float32; zeros where ignored.
        y_prob: probability of each class, same shape, float32.
        log_prob: its logarithm, same shape; from the logits where there are logits.
        log_not: logarithm of one minus it, same shape; None where a step has one label.
        weight: what each step counts for, ``(batch, *spatial)``, float32; 0 where ignored.
        valid: 1 where a step is judged, else 0, ``(batch, *spatial)``, float32.
    """

    y_true: Any
    y_prob: Any
    log_prob: Any
    log_not: Any
    weight: Any
    valid: Any


def read_steps(
    y_true: Any,
    y_pred: Any,
    sample_weight: Any = None,
    mask: Any = None,
    *,
    from_logits: bool = False,
    multilabel: bool = False,
) -> Steps:
    """Read one batch.

    A step is ignored where its dense label is negative, its one-hot row is all zeros, its mask is False or its weight
    is 0. A multilabel step is ignored where one of its labels is negative; a row of zeros is a step without a label.

    Args:
        y_true: class numbers ``(batch, *spatial)`` or ``(batch, *spatial, 1)``, or one-hot (or soft) labels
            ``(batch, *spatial, classes)``; multilabel: 0 or 1 (or soft) for each class, the last axis may be missing
            where there is one class.
        y_pred: probabilities or logits ``(batch, *spatial, classes)``; a single channel is the probability (or logit)
            of class 1, or of the one class where labels may overlap.
        sample_weight: ``(batch,)``, ``(batch, *spatial)`` or ``(batch, *spatial, 1)``.
        mask: False where a step is ignored, shaped like ``sample_weight``.
        from_logits: whether ``y_pred`` holds logits.
        multilabel: whether a step may carry several labels: each class has a probability of its own, by the sigmoid.

    Raises:
        InputError: the shapes do not belong together.

    Examples:
        >>> import numpy as np
        >>> prob = np.array([[[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]]], "float32")
        >>> steps = read_steps(np.array([[0, 1, -1]]), prob)
        >>> np.asarray(steps.y_true).tolist(), np.asarray(steps.valid).tolist()
        ([[[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]], [[1.0, 1.0, 0.0]])
    """
    y_pred = ops.cast(ops.convert_to_tensor(y_pred), "float32")
    y_true = ops.convert_to_tensor(y_true)
    if multilabel:
        y_prob, log_prob, log_not = _independent(y_pred, from_logits)
        y_true, valid = _multi_hot(y_true, y_prob)
    else:
        y_prob, log_prob = _both_forms(y_pred, from_logits)
        log_not, y_true = None, _one_hot(y_true, y_prob)
        valid = ops.cast(ops.sum(y_true, axis=-1) > 0, "float32")
    rank = len(valid.shape)
    if mask is not None:
        valid = valid * ops.cast(_over_steps("mask", mask, rank), "float32")
    weight = valid
    if sample_weight is not None:
        weight = valid * ops.cast(_over_steps("sample_weight", sample_weight, rank), "float32")
        valid = ops.cast(weight > 0, "float32")
    return Steps(y_true * ops.expand_dims(valid, -1), y_prob, log_prob, log_not, weight, valid)


def _both_forms(y_pred: Any, from_logits: bool) -> tuple[Any, Any]:
    """Probabilities and their logarithms; one channel becomes two."""
    single = y_pred.shape[-1] == 1
    if from_logits:
        logits = ops.concatenate([ops.zeros_like(y_pred), y_pred], axis=-1) if single else y_pred
        log_prob = ops.log_softmax(logits, axis=-1)
        return ops.exp(log_prob), log_prob
    y_prob = ops.concatenate([1.0 - y_pred, y_pred], axis=-1) if single else y_pred
    return y_prob, ops.log(ops.clip(y_prob, EPSILON, 1.0))


def _independent(y_pred: Any, from_logits: bool) -> tuple[Any, Any, Any]:
    """Probability of each class by itself, its logarithm, and that of its opposite."""
    if from_logits:
        return ops.sigmoid(y_pred), ops.log_sigmoid(y_pred), ops.log_sigmoid(-y_pred)
    return y_pred, ops.log(ops.clip(y_pred, EPSILON, 1.0)), ops.log(ops.clip(1.0 - y_pred, EPSILON, 1.0))


def _multi_hot(y_true: Any, y_prob: Any) -> tuple[Any, Any]:
    """Labels ``(batch, *spatial, classes)``, float32, and where they are judged."""
    if len(y_true.shape) == len(y_prob.shape) - 1 and y_prob.shape[-1] == 1:
        y_true = ops.expand_dims(y_true, -1)
    if len(y_true.shape) != len(y_prob.shape) or y_true.shape[-1] != y_prob.shape[-1]:
        raise InputError(
            f"y_true: expected 0 or 1 for each class, shape {tuple(y_prob.shape)}. Received shape {tuple(y_true.shape)}"
        )
    y_true = ops.cast(y_true, "float32")
    return y_true, ops.cast(ops.min(y_true, axis=-1) >= 0, "float32")


def _one_hot(y_true: Any, y_prob: Any) -> Any:
    """Labels as ``(batch, *spatial, classes)`` float32, whatever form they came in."""
    rank, classes = len(y_prob.shape), y_prob.shape[-1]
    if len(y_true.shape) == rank and y_true.shape[-1] == 1:
        y_true = ops.squeeze(y_true, axis=-1)
    if len(y_true.shape) == rank - 1:
        # Ignored labels (-1) give rows of zeros on every backend only if they are compared, not indexed.
        dense = ops.expand_dims(ops.cast(y_true, "int32"), -1)
        return ops.cast(ops.equal(dense, ops.arange(classes, dtype="int32")), "float32")
    if len(y_true.shape) == rank and y_true.shape[-1] == classes:
        y_true = ops.cast(y_true, "float32")
        return ops.where(ops.sum(y_true, axis=-1, keepdims=True) > 0, y_true, ops.zeros_like(y_true))
    raise InputError(
        f"y_true: expected class numbers of shape {tuple(y_prob.shape[:-1])} or one-hot labels of shape "
        f"{tuple(y_prob.shape)}. Received shape {tuple(y_true.shape)}"
    )


def _over_steps(name: str, values: Any, rank: int) -> Any:
    """Values of shape (batch,), (batch, *spatial) or (batch, *spatial, 1), made to broadcast over (batch, *spatial)."""
    values = ops.convert_to_tensor(values)
    have = len(values.shape)
    if have == rank + 1 and values.shape[-1] == 1:
        return ops.squeeze(values, axis=-1)
    if have == 1 or have == rank:
        return ops.reshape(values, (*ops.shape(values), *(1,) * (rank - have)))
    raise InputError(
        f"{name}: expected one value per recording, shape (batch,), or per step, {rank} axes. "
        f"Received shape {tuple(values.shape)}"
    )
