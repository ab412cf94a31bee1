"""TweetyNet: convolutions over a spectrogram, and a layer that remembers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from benchmarks.recipes.fitting import train_networks
from benchmarks.recipes.peers.layers import adam, begin, finish, holding
from benchmarks.recipes.reading import majority
from benchmarks.recipes.recipe import Facts, Reader, Recipe, signals_of_steps

FILTERS, KERNEL, POOL, HIDDEN = (32, 64), 5, 8, 256


def network(facts: Facts) -> keras.Model:
    """Two convolutions over steps and bands, each pooled over bands, and an LSTM that runs both ways."""
    inputs = begin(facts)
    x, bands = keras.layers.Reshape((-1, facts.channels, 1))(inputs), facts.channels
    for filters in FILTERS:
        pool = min(POOL, bands)
        x = keras.layers.Conv2D(filters, KERNEL, padding="same", activation="relu")(x)
        x, bands = keras.layers.MaxPooling2D((1, pool))(x), bands // pool
    x = keras.layers.Reshape((-1, bands * FILTERS[-1]))(x)
    x = keras.layers.Bidirectional(keras.layers.LSTM(HIDDEN, return_sequences=True))(x)
    return finish(facts, inputs, x, "tweetynet")


def reader(facts: Facts, y_prob: Sequence[Any], y_true: Sequence[Any]) -> Reader:
    """Segments between gaps, the shortest left out, each with the majority's label."""
    if facts.background is None:
        return lambda rows: np.argmax(rows, axis=-1)
    shortest, background = int(np.quantile(facts.durations, 0.01)), facts.background
    return lambda rows: majority(np.argmax(rows, axis=-1), background, shortest=shortest)


RECIPE = Recipe(
    name="tweetynet",
    paper=(
        "Cohen, Nicholson, Sanchioni, Mallaber, Skidanova, Gardner 2022, Automated annotation of birdsong with a "
        "neural network that segments spectrograms, eLife 11:e63853"
    ),
    taken=(
        "convolutions of 32 and 64 filters of 5 x 5, each pooled by 8 bands; an LSTM of 256 units both ways; "
        "cross-entropy; Adam 1e-3; 8 windows of 176 bins a batch (its settings for the bird of finch_gy6or6); the "
        "epoch of the highest validation accuracy; windows end to end in prediction; minimum duration, then a "
        "majority vote in each segment"
    ),
    departs=(
        "bands are the set's channels, and pools no larger than what is there; windows hold two of the set's "
        "longest usual segments, up to 1024 steps; the minimum is the 1st percentile of the training durations; no "
        "vote where every step is labelled, for there are no gaps"
    ),
    serves=signals_of_steps,
    train=train_networks,
    network=network,
    published=176,
    window=lambda facts: holding(facts, 176, 1024),
    overlapping=False,
    batch=8,
    optimizer=lambda: adam(1e-3),
    keep="val_accuracy",
    reader=reader,
)
