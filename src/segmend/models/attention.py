"""An attention encoder on a grid that convolutions have made coarse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras

from segmend.errors import InputError
from segmend.models.heads import begin, finish
from segmend.models.layers import require_depth, without_some
from segmend.models.masked import Hide
from segmend.models.stages import read_stages, stack

WIDER = 2
"""Channels within a block's dense layers, for each one outside."""


def attention(
    stages: Sequence[Mapping[str, Any]],
    *,
    channels: int,
    classes: int,
    filters: int = 32,
    heads: int = 4,
    depth: int = 2,
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
    name: str = "attention",
) -> keras.Model:
    """Convolutions that look closely, then attention that compares every step with every other: for signals.

    Attention runs on the coarsest grid of the stages, before the first one that goes up; time and memory grow with the
    square of that grid, so stride before it. Steps are told from one another by what the convolutions saw around them:
    there is no code of positions, and a recording may have any length. The field is the whole input, so that tiles do
    not give what one pass gives.

    Args:
        stages: as for ``tcn``.
        channels: channels of the signal.
        classes: number of classes, the background included.
        filters: channels of the convolutions and of each block; a multiple of ``heads``.
        heads: comparisons side by side.
        depth: blocks, one upon the other.
        dropout: share of channels that are switched off after each half of a block and in each residual stage while
            training.
        drop_path: share of recordings that go past the last block, and past the deepest residual stage, while training
            (stochastic depth); it rises evenly with the depth.
        norm: of the convolutions: "layer" (over the channels of a step), "batch" or "none".
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
        Vaswani et al. 2017, "Attention is all you need", with the norm before each half of a block (Xiong et al. 2020).

    Examples:
        >>> import numpy as np
        >>> model = attention([{"kernel": 5, "stride": 4}], channels=2, classes=3, filters=4, heads=2, depth=1)
        >>> model(np.zeros((1, 11, 2))).shape
        (1, 11, 3)
    """
    if heads < 1 or filters % heads:
        raise InputError(f"filters: expected a multiple of heads ({heads}). Received {filters}")
    require_depth(depth)
    inputs, x = begin(channels, window=window, mean=mean, std=std)
    known = read_stages(stages)

    def attend(x: Any) -> Any:
        x = Hide(name="hide")(x)
        x = x if x.shape[-1] == filters else keras.layers.Dense(filters, name="widen")(x)
        for number in range(1, depth + 1):
            x = _block(x, heads, dropout, drop_path * number / depth, name=f"block{number}")
        return x

    options: dict[str, Any] = {"dropout": dropout, "drop_path": drop_path, "norm": norm, "detail": detail}
    x = stack(x, known, filters=filters, **options, between=attend)
    return finish(inputs, x, classes, multilabel=multilabel, logits=logits, bias=bias, boundary=boundary, name=name)


def _block(x: Any, heads: int, dropout: float, path: float, *, name: str) -> Any:
    """Attention, then two dense layers, each added to what came before it."""
    width = x.shape[-1]
    y = keras.layers.LayerNormalization(name=f"{name}_norm")(x)
    y = keras.layers.MultiHeadAttention(heads, width // heads, name=f"{name}_attention")(y, y)
    x = keras.layers.Add(name=f"{name}_add")([x, _dropped(y, dropout, path, name=name)])
    y = keras.layers.LayerNormalization(name=f"{name}_dense_norm")(x)
    y = keras.layers.Dense(WIDER * width, activation="gelu", name=f"{name}_wide")(y)
    y = keras.layers.Dense(width, name=f"{name}_narrow")(y)
    return keras.layers.Add(name=f"{name}_dense_add")([x, _dropped(y, dropout, path, name=f"{name}_dense")])


def _dropped(x: Any, dropout: float, path: float, *, name: str) -> Any:
    x = keras.layers.SpatialDropout1D(dropout, name=f"{name}_drop")(x) if dropout else x
    return without_some(x, path, name=name)
