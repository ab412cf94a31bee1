"""U-Time: a U-Net over time with large pools, trained for overlap on evenly drawn classes."""

from __future__ import annotations

from typing import Any

import keras
from benchmarks.recipes.fitting import train_networks
from benchmarks.recipes.peers.layers import adam, begin, finish, glorot
from benchmarks.recipes.recipe import Facts, Recipe, signals_of_steps

from segmend import losses

FILTERS, KERNEL, DILATION = (16, 32, 64, 128, 256), 5, 2
POOLS = ((10, 8, 6, 4), (8, 6, 4, 2), (6, 4, 2, 2), (4, 2, 2, 2))
"""The paper's, and smaller ones for shorter recordings."""

LONGEST = 7680


def pools(facts: Facts) -> tuple[int, ...]:
    """The largest pools of which four fit one after the other into the usual recording."""
    fitting = [each for each in POOLS if 4 * _product(each) <= facts.usual]
    return fitting[0] if fitting else POOLS[-1]


def window(facts: Facts) -> int:
    """As many of the coarsest steps as the usual recording holds, up to 7680 steps."""
    coarse = _product(pools(facts))
    return coarse * max(1, min(facts.usual, LONGEST) // coarse)


def network(facts: Facts) -> keras.Model:
    """Down by large pools, and back by repeated steps joined with what was there before."""
    inputs = x = begin(facts)
    before, sizes = [], pools(facts)
    for filters, pool in zip(FILTERS, sizes, strict=False):
        x = _twice(x, filters, DILATION)
        before.append(x)
        x = keras.layers.MaxPooling1D(pool)(x)
    x = _twice(x, FILTERS[-1], 1)
    for filters, pool, kept in zip(FILTERS[-2::-1], sizes[::-1], before[::-1], strict=True):
        x = _convolution(keras.layers.UpSampling1D(pool)(x), filters, pool, 1)
        x = _twice(keras.layers.concatenate([kept, x]), filters, 1)
    x = keras.layers.Dense(facts.classes, activation="tanh")(x)
    return finish(facts, inputs, x, "u_time")


def _twice(x: Any, filters: int, dilation: int) -> Any:
    for _ in range(2):
        x = _convolution(x, filters, KERNEL, dilation)
    return x


def _convolution(x: Any, filters: int, kernel: int, dilation: int) -> Any:
    start = glorot(kernel * x.shape[-1], kernel * filters)
    x = keras.layers.Conv1D(
        filters, kernel, padding="same", dilation_rate=dilation, activation="relu", kernel_initializer=start
    )(x)
    return keras.layers.BatchNormalization()(x)


def _product(sizes: tuple[int, ...]) -> int:
    product = 1
    for size in sizes:
        product *= size
    return product


RECIPE = Recipe(
    name="u_time",
    paper=(
        "Perslev, Jensen, Darkner, Jennum, Igel 2019, U-Time: a fully convolutional network for time series "
        "segmentation applied to sleep staging, NeurIPS 32"
    ),
    taken=(
        "four blocks of two convolutions (5 taps 2 steps apart; 16 to 128 filters, 256 at the bottom) with batch "
        "normalisation, pools of 10, 8, 6 and 4; back by repeated steps and a convolution as wide as the pool; 1.2 "
        "million weights; robust scaling of each recording; generalised Dice with all classes alike; classes drawn "
        "evenly; 12 windows a batch; Adam; the epoch of the highest mean validation F1"
    ),
    departs=(
        "a label for each step (its segment classifier with segments of one step) instead of each 30 s; smaller "
        "pools where recordings hold less than 7680 steps; the rate is 1e-3 instead of 5e-6, which needs days"
    ),
    serves=signals_of_steps,
    train=train_networks,
    network=network,
    window=window,
    batch=12,
    loss=lambda facts: losses.Dice(over="batch"),
    optimizer=lambda: adam(1e-3),
    keep="val_macro_f1",
    balanced=1.0,
    scaled="robust",
)
