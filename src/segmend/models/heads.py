"""The first and the last layers of every model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from segmend.errors import InputError
from segmend.models.initial import Normal
from segmend.models.layers import per_channel, standardise
from segmend.models.masked_model import MaskedModel

BOUNDARY_SHARE = 0.02
"""Share of steps that the untrained boundary head takes for the first step of a segment."""

LEAST_SHARE = 1e-3
"""A class that never occurs starts improbable, but possible."""


def begin(
    channels: int,
    *,
    rank: int = 1,
    window: int | None = None,
    mean: Sequence[float] | None = None,
    std: Sequence[float] | None = None,
) -> tuple[Any, Any]:
    """The input ``(batch, *spatial, channels)``, raw and standardised.

    Raises:
        InputError: the rank is neither 1 nor 2.
    """
    if rank not in (1, 2):
        raise InputError(f"rank: expected 1 (signals) or 2 (images). Received {rank!r}")
    inputs = keras.Input((*(window,) * rank, channels), name="signal")
    return inputs, standardise(inputs, mean, std)


def finish(
    inputs: Any,
    x: Any,
    classes: int,
    *,
    multilabel: bool = False,
    logits: bool = False,
    bias: Sequence[float] | None = None,
    boundary: bool = False,
    more: Mapping[str, Any] | None = None,
    name: str,
) -> keras.Model:
    """The model from its features: one distribution over classes per step, or per recording where no steps are left.

    Args:
        inputs: as ``begin`` gave them.
        x: features ``(batch, *spatial, filters)`` or ``(batch, filters)``.
        classes: number of classes.
        multilabel: a probability for each class by itself (sigmoid) instead of one distribution (softmax).
        logits: leave the last layer linear.
        bias: how often each class occurs; the untrained model predicts these shares.
        boundary: also give ``boundaries``, ``(batch, *spatial, 1)``: the probability that a segment begins at a step.
            The model then returns a dict with the keys "probabilities" (or "logits") and "boundaries".
        more: further outputs, by the keys that they have in the model's answer.
        name: of the model.
    """
    labels = probabilities(x, classes, multilabel=multilabel, logits=logits, bias=bias)
    outputs = {**(more or {}), "logits" if logits else "probabilities": labels}
    if boundary:
        outputs["boundaries"] = _boundaries(x)
    return MaskedModel(inputs, outputs if len(outputs) > 1 else labels, name=name)


def _boundaries(x: Any) -> Any:
    """The probability that a segment begins, of each step by itself."""
    start = float(np.log(BOUNDARY_SHARE / (1 - BOUNDARY_SHARE)))
    head = keras.layers.Dense(
        1,
        activation="sigmoid",
        bias_initializer=keras.initializers.Constant(start),
        kernel_initializer=Normal(std=0.01),
        dtype="float32",
        name="boundaries",
    )
    return head(x)


def probabilities(
    x: Any,
    classes: int,
    *,
    multilabel: bool = False,
    logits: bool = False,
    bias: Sequence[float] | None = None,
    prefix: str = "",
) -> Any:
    """The last layers: logits of each step by itself, and softmax or sigmoid unless ``logits``.

    The weights start small and the bias at what gives the class shares, so that the untrained model predicts nearly
    the shares and training does not begin by unlearning a guess.

    Raises:
        InputError: the shares are not one finite number of at least 0 for each class.
    """
    start: Any = "zeros"
    if bias is not None:
        start = keras.initializers.Constant(logits_of(per_channel("bias", bias, classes, 0.0), multilabel=multilabel))
    dense = keras.layers.Dense(
        classes, bias_initializer=start, kernel_initializer=Normal(std=0.01), name=f"{prefix}logits"
    )
    x = dense(x)
    if logits:
        return x
    # Keras' Softmax layer would take the mask for one over classes.
    activation = "sigmoid" if multilabel else "softmax"
    return keras.layers.Activation(activation, name=f"{prefix}probabilities", dtype="float32")(x)


def logits_of(shares: Any, *, multilabel: bool = False) -> Any:
    """The logits whose softmax (sigmoid where multilabel) gives the shares.

    Raises:
        InputError: a share is negative, all are 0, or (multilabel) one is above 1.

    Examples:
        >>> logits_of(np.array([0.5, 0.5]), multilabel=True).tolist()
        [0.0, 0.0]
    """
    if shares.min() < 0 or not shares.sum() > 0 or (multilabel and shares.max() > 1):
        most = " and at most 1" if multilabel else ""
        raise InputError(f"bias: expected shares of at least 0{most} that are not all 0. Received {shares.tolist()}")
    if multilabel:
        shares = np.clip(shares, LEAST_SHARE, 1 - LEAST_SHARE)
        return np.log(shares / (1 - shares)).astype("float32")
    return np.log(np.maximum(shares / shares.sum(), LEAST_SHARE)).astype("float32")
