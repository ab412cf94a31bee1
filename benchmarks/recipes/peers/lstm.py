"""One LSTM layer and cross-entropy: what people start with where order matters."""

from __future__ import annotations

import keras
from benchmarks.recipes.fitting import train_networks
from benchmarks.recipes.peers.layers import adam, begin, finish
from benchmarks.recipes.peers.two_convolutions import window
from benchmarks.recipes.recipe import Facts, Recipe

UNITS = 64


def network(facts: Facts) -> keras.Model:
    """One layer that runs forwards: its states, or its last state where a whole has its label."""
    inputs = begin(facts)
    x = keras.layers.LSTM(UNITS, return_sequences=facts.dense)(inputs)
    return finish(facts, inputs, x, "lstm")


RECIPE = Recipe(
    name="lstm",
    paper="Hochreiter, Schmidhuber 1997, Long short-term memory, Neural Computation 9:1735; as in most tutorials",
    taken=(
        "one LSTM of 64 units, a dense layer; cross-entropy without weights; Adam 1e-3; 32 windows of 512 steps a "
        "batch; the epoch of the lowest validation loss; argmax"
    ),
    departs=(
        "windows overlap in prediction, so that no kept step lacks its past; whole recordings as for two_convolutions"
    ),
    serves=lambda task: task.rank == 1,
    train=train_networks,
    network=network,
    window=window,
    optimizer=lambda: adam(1e-3),
)
