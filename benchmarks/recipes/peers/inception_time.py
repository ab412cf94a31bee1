"""InceptionTime: an ensemble of residual networks with convolutions of several lengths side by side."""

from __future__ import annotations

from typing import Any

import keras
from benchmarks.recipes.fitting import train_networks
from benchmarks.recipes.peers.layers import adam, begin, finish
from benchmarks.recipes.recipe import Facts, Recipe, cross_entropy, whole_signals

DEPTH, FILTERS, KERNELS, BOTTLENECK = 6, 32, (40, 20, 10), 32
MEMBERS = 5


def network(facts: Facts) -> keras.Model:
    """Six inception modules with a shortcut around every three, and the mean over all steps."""
    inputs = x = shortcut = begin(facts)
    for number in range(DEPTH):
        x = _module(x)
        if number % 3 == 2:
            y = keras.layers.Conv1D(x.shape[-1], 1, padding="same", use_bias=False)(shortcut)
            x = keras.layers.ReLU()(keras.layers.add([keras.layers.BatchNormalization()(y), x]))
            shortcut = x
    return finish(facts, inputs, keras.layers.GlobalAveragePooling1D()(x), "inception_time")


def _module(x: Any) -> Any:
    narrow = _convolution(BOTTLENECK, 1)(x) if x.shape[-1] > 1 else x
    pooled = keras.layers.MaxPooling1D(3, strides=1, padding="same")(x)
    sides = [_convolution(FILTERS, kernel)(narrow) for kernel in KERNELS]
    x = keras.layers.concatenate([*sides, _convolution(FILTERS, 1)(pooled)])
    return keras.layers.ReLU()(keras.layers.BatchNormalization()(x))


def _convolution(filters: int, kernel: int) -> Any:
    return keras.layers.Conv1D(filters, kernel, padding="same", use_bias=False)


def callbacks() -> list[Any]:
    """Half the rate where the training loss has not fallen for 50 epochs."""
    return [keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=50, min_lr=1e-4)]


RECIPE = Recipe(
    name="inception_time",
    paper=(
        "Ismail Fawaz et al. 2020, InceptionTime: finding AlexNet for time series classification, Data Mining and "
        "Knowledge Discovery 34:1936"
    ),
    taken=(
        "six modules of convolutions of 40, 20 and 10 taps (32 filters each, bottleneck 32) beside a max pooling, "
        "batch normalisation, two shortcuts, the mean over steps; an average of five networks; cross-entropy; Adam "
        "1e-3, halved after 50 epochs without a lower training loss; 64 recordings a batch; the epoch of the lowest "
        "training loss"
    ),
    departs=(
        "recordings of unequal length are resampled to 512 steps; each network has a fifth of the time; where "
        "labels may overlap, a sigmoid with binary cross-entropy"
    ),
    serves=whole_signals,
    train=train_networks,
    network=network,
    window=lambda facts: facts.usual if facts.one_size else 512,
    resampled=True,
    batch=64,
    loss=cross_entropy,
    optimizer=lambda: adam(1e-3),
    callbacks=callbacks,
    keep="-loss",
    members=MEMBERS,
)
