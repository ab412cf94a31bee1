"""Recurrent networks: on a grid that convolutions have made coarse, or plainly on every step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras

from segmend.errors import InputError
from segmend.models.heads import begin, finish
from segmend.models.layers import require_depth
from segmend.models.masked import Hide
from segmend.models.stages import read_stages, stack

CELLS = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU}


def recurrent(
    stages: Sequence[Mapping[str, Any]],
    *,
    channels: int,
    classes: int,
    filters: int = 32,
    units: int = 32,
    cell: str = "gru",
    bidirectional: bool = True,
    depth: int = 1,
    dropout: float = 0.0,
    drop_path: float = 0.0,
    norm: str = "layer",
    detail: bool = True,
    window: int | None = None,
    bias: Sequence[float] | None = None,
    mean: Sequence[float] | None = None,
    std: Sequence[float] | None = None,
    multilabel: bool = False,
    logits: bool = False,
    boundary: bool = False,
    name: str = "recurrent",
) -> keras.Model:
    """Convolutions that look closely, then recurrent layers that remember the rest: for signals.

    The recurrent layers run on the coarsest grid of the stages, before the first one that goes up. Their field is the
    whole recording (its past, where they run one way), so that tiles do not give what one pass gives.

    Args:
        stages: as for ``tcn``; strides make the recurrent layers fast.
        channels: channels of the signal.
        classes: number of classes, the background included.
        filters: channels of the convolutions.
        units: of each recurrent layer and direction.
        cell: "gru" or "lstm".
        bidirectional: run both ways; False sees the past alone, if the stages are causal too.
        depth: recurrent layers, one upon the other.
        dropout: share of channels that are switched off after each recurrent layer and in each residual stage while
            training.
        drop_path: share of recordings that go past the deepest residual stage while training (stochastic depth); it
            rises evenly with the depth.
        norm: "layer" (over the channels of a step), "batch" or "none".
        detail: join what the signal was before a stride on the way back.
        window: fixed input length, or None for any.
        bias: how often each class occurs; the untrained model predicts these shares.
        mean: mean of each channel, by which the model standardises its input.
        std: standard deviation of each channel.
        multilabel: a probability for each class by itself (sigmoid) instead of one distribution (softmax).
        logits: leave the last layer linear.
        boundary: also give the probability that a segment begins at a step, under the key "boundaries" of a dict.
        name: name of the model.

    Returns:
        A functional model ``(batch, steps, channels) -> (batch, steps, classes)``.

    Raises:
        InputError: a stage or another argument is not what was expected.

    Source:
        Cakir et al. 2017, "Convolutional recurrent neural networks for polyphonic sound event detection".

    Examples:
        >>> import numpy as np
        >>> model = recurrent([{"kernel": 5, "stride": 4}], channels=2, classes=3, filters=4, units=4)
        >>> model(np.zeros((1, 11, 2))).shape
        (1, 11, 3)
    """
    inputs, x = begin(channels, window=window, mean=mean, std=std)
    known = read_stages(stages)

    def remember(x: Any) -> Any:
        return _recur(x, units, cell=cell, bidirectional=bidirectional, depth=depth, dropout=dropout)

    options: dict[str, Any] = {"dropout": dropout, "drop_path": drop_path, "norm": norm, "detail": detail}
    x = stack(x, known, filters=filters, **options, between=remember)
    return finish(inputs, x, classes, multilabel=multilabel, logits=logits, bias=bias, boundary=boundary, name=name)


def lstm(
    *,
    channels: int,
    classes: int,
    units: int = 64,
    depth: int = 1,
    bidirectional: bool = False,
    dropout: float = 0.0,
    window: int | None = None,
    bias: Sequence[float] | None = None,
    mean: Sequence[float] | None = None,
    std: Sequence[float] | None = None,
    multilabel: bool = False,
    logits: bool = False,
    boundary: bool = False,
    name: str = "lstm",
) -> keras.Model:
    """LSTM layers on every step and nothing else: what many people start with, for signals.

    Args:
        channels: channels of the signal.
        classes: number of classes, the background included.
        units: of each layer and direction.
        depth: layers, one upon the other.
        bidirectional: run both ways; False sees nothing of the future.
        dropout: share of channels that are switched off after each layer while training.
        window: fixed input length, or None for any.
        bias: how often each class occurs; the untrained model predicts these shares.
        mean: mean of each channel, by which the model standardises its input.
        std: standard deviation of each channel.
        multilabel: a probability for each class by itself (sigmoid) instead of one distribution (softmax).
        logits: leave the last layer linear.
        boundary: also give the probability that a segment begins at a step, under the key "boundaries" of a dict.
        name: name of the model.

    Returns:
        A functional model ``(batch, steps, channels) -> (batch, steps, classes)``.

    Raises:
        InputError: an argument is not what was expected.

    Source:
        Hochreiter, Schmidhuber 1997, "Long short-term memory".

    Examples:
        >>> lstm(channels=6, classes=4).output_shape
        (None, None, 4)
    """
    inputs, x = begin(channels, window=window, mean=mean, std=std)
    x = _recur(Hide(name="hide")(x), units, cell="lstm", bidirectional=bidirectional, depth=depth, dropout=dropout)
    return finish(inputs, x, classes, multilabel=multilabel, logits=logits, bias=bias, boundary=boundary, name=name)


def _recur(x: Any, units: int, *, cell: str, bidirectional: bool, depth: int, dropout: float) -> Any:
    """Recurrent layers, one upon the other; masked steps leave their state as it is."""
    if cell not in CELLS:
        raise InputError(f"cell: expected one of {sorted(CELLS)}. Received {cell!r}")
    require_depth(depth)
    for number in range(1, depth + 1):
        layer = CELLS[cell](units, return_sequences=True, name=f"{cell}{number}")
        if bidirectional:
            layer = keras.layers.Bidirectional(layer, name=f"both_ways{number}")
        x = layer(x)
        if dropout:
            x = keras.layers.SpatialDropout1D(dropout, name=f"recurrent{number}_drop")(x)
    return x
