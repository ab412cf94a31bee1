"""Logit adjustment: what training is told of how often classes are, so that the model need not learn it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keras import ops

from segmend.errors import InputError


def read_prior(prior: Sequence[float] | None) -> tuple[float, ...] | None:
    """Shares of the classes as a tuple.

    Raises:
        InputError: a share is not above 0 and below 1.

    Examples:
        >>> read_prior([0.9, 0.1])
        (0.9, 0.1)
    """
    if prior is None:
        return None
    shares = tuple(float(share) for share in prior)
    if not all(0 < share < 1 for share in shares):
        raise InputError(f"prior: expected shares above 0 and below 1, one per class. Received {list(shares)}")
    return shares


def adjusted(log_prob: Any, prior: tuple[float, ...] | None, tau: float) -> Any:
    """Log-probabilities of one label per step after ``tau log prior`` is added to the logits.

    Log-probabilities are logits up to a constant, so none is needed.
    """
    if prior is None:
        return log_prob
    _check(prior, log_prob)
    return ops.log_softmax(log_prob + tau * ops.log(ops.convert_to_tensor(prior, dtype="float32")), axis=-1)


def adjusted_independent(log_prob: Any, log_not: Any, prior: tuple[float, ...] | None, tau: float) -> tuple[Any, Any]:
    """The same where labels may overlap: the log odds of each class's prior are added to its logit."""
    if prior is None:
        return log_prob, log_not
    _check(prior, log_prob)
    share = ops.convert_to_tensor(prior, dtype="float32")
    logit = log_prob - log_not + tau * (ops.log(share) - ops.log(1.0 - share))
    return ops.log_sigmoid(logit), ops.log_sigmoid(-logit)


def _check(prior: tuple[float, ...], log_prob: Any) -> None:
    if len(prior) != log_prob.shape[-1]:
        raise InputError(f"prior: expected {log_prob.shape[-1]} shares, one for each class. Received {len(prior)}")
