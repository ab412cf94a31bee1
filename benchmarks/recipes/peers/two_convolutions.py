"""Two convolutions and cross-entropy: what people start with."""

from __future__ import annotations

from typing import Any

import keras
from benchmarks.recipes.fitting import train_networks
from benchmarks.recipes.peers.layers import adam, begin, finish, layer
from benchmarks.recipes.recipe import Facts, Recipe

FILTERS = {1: 64, 2: 32}


def network(facts: Facts) -> keras.Model:
    """Two convolutions of three taps, and a mean over all steps where a whole has its label."""
    rank = facts.task.rank
    inputs = x = begin(facts)
    for _ in range(2):
        x = layer("Conv", rank, FILTERS[rank], 3, padding="same", activation="relu")(x)
    if not facts.dense:
        x = layer("GlobalAveragePooling", rank)(x)
    return finish(facts, inputs, x, "two_convolutions")


def window(facts: Facts) -> int:
    """Whole recordings where they are of one size and their label is one, else 512 steps or 128 pixels; see below."""
    if not facts.dense:
        return facts.usual if facts.one_size else 256
    return 128 if facts.task.rank == 2 else 512


def always(task: Any) -> bool:
    """For every task."""
    return True


RECIPE = Recipe(
    name="two_convolutions",
    paper="none: the first example of most tutorials",
    taken=(
        "two convolutions of 3 taps (64 filters; images 32), ReLU, a dense layer; cross-entropy without weights; "
        "Adam 1e-3; 32 windows a batch; the epoch of the lowest validation loss; argmax"
    ),
    departs="nothing; whole recordings of unequal length are cut to windows of 256 steps, and their answers averaged",
    serves=always,
    train=train_networks,
    network=network,
    window=window,
    optimizer=lambda: adam(1e-3),
)
