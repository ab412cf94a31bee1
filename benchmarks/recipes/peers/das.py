"""A TCN as in Deep Audio Segmenter, with class weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from benchmarks.recipes.fitting import train_networks
from benchmarks.recipes.peers.layers import adam, begin, finish, holding
from benchmarks.recipes.reading import majority, without_short
from benchmarks.recipes.recipe import Facts, Reader, Recipe, signals_of_steps, weighted_cross_entropy
from keras import ops

from segmend.core.labels import Labels
from segmend.scoring.tallies import tally

FILTERS, KERNEL, BLOCKS, DILATIONS = 32, 16, 3, (1, 2, 4, 8, 16)
TRIED = 9
"""Minimum durations, and gaps, that are tried on the validation part."""


@keras.saving.register_keras_serializable(package="benchmarks")
class ChannelNorm(keras.layers.Layer):
    """ReLU, then each step divided by its largest channel."""

    def call(self, x: Any) -> Any:
        """The normalised steps."""
        x = ops.relu(x)
        return x / (ops.max(ops.abs(x), axis=-1, keepdims=True) + 1e-5)


def network(facts: Facts) -> keras.Model:
    """Blocks of dilated residual convolutions whose skip connections are summed."""
    inputs = begin(facts)
    x = keras.layers.Conv1D(FILTERS, 1, padding="same")(inputs)
    skips = []
    for _ in range(BLOCKS):
        for dilation in DILATIONS:
            y = keras.layers.Conv1D(FILTERS, KERNEL, dilation_rate=dilation, padding="same")(x)
            y = keras.layers.Conv1D(FILTERS, 1, padding="same")(ChannelNorm()(y))
            skips.append(y)
            x = keras.layers.add([x, y])
    x = keras.layers.ReLU()(keras.layers.add(skips))
    return finish(facts, inputs, x, "das_tcn")


def reader(facts: Facts, y_prob: Sequence[Any], y_true: Sequence[Any]) -> Reader:
    """Gaps filled and short segments dropped, by what scores best on the validation part, then the majority's label."""
    usual = max(2.0, float(np.median(facts.durations)))
    tried = np.unique(np.concatenate([[0], np.geomspace(1, usual, TRIED - 1).astype(int)])).tolist()
    said = [np.argmax(rows, axis=-1) for rows in y_prob]
    gaps = tried if facts.background is not None else [0]
    labels = Labels.numbered(facts.classes, facts.background)

    def fitness(choice: tuple[int, int]) -> float:
        read = [read_by(facts, steps, *choice) for steps in said]
        counted = tally(y_true, read, labels, errors=False)
        return float(2 * counted.matched.sum() / max(1, counted.reference.sum() + counted.predicted.sum()))

    best = max(((shortest, gap) for shortest in tried for gap in gaps), key=fitness)
    return lambda rows: read_by(facts, np.argmax(rows, axis=-1), *best)


def read_by(facts: Facts, steps: Any, shortest: int, gap: int) -> Any:
    """Labels after filling gaps and dropping what is short."""
    if facts.background is None:
        return without_short(steps, shortest)
    return majority(steps, facts.background, shortest=shortest, gap=gap)


RECIPE = Recipe(
    name="das_tcn",
    paper=(
        "Steinfath, Palacios-Munoz, Rottschaefer, Yuezak, Clemens 2021, Fast and accurate annotation of acoustic "
        "signals with deep neural networks, eLife 10:e68837; the network is the TCN of Bai, Kolter, Koltun 2018"
    ),
    taken=(
        "3 blocks of 5 residual convolutions (32 filters of 16 taps, dilations 1 to 16), ReLU with division by the "
        "largest channel, skip connections; Adam; 32 chunks a batch; the epoch of the lowest validation loss; class "
        "weights by the inverse frequency (its option balance); chunk borders left out; gaps and short segments by "
        "what scores best on the validation part (its option post_opt), then a majority vote in each segment"
    ),
    departs=(
        "the rate is 1e-3 instead of 1e-4, which learns next to nothing in minutes; chunks of 1024 steps, or as "
        "many as hold two of the set's longest usual segments, up to 4096; where every step is labelled short "
        "segments join the one before"
    ),
    serves=signals_of_steps,
    train=train_networks,
    network=network,
    published=1024,
    window=lambda facts: holding(facts, 1024, 4096),
    loss=weighted_cross_entropy,
    optimizer=lambda: adam(1e-3),
    reader=reader,
    reads_validation=True,
)
