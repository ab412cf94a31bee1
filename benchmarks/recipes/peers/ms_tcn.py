"""MS-TCN: stages of dilated convolutions, each correcting the one before it, with a price on jumps."""

from __future__ import annotations

from typing import Any

import keras
from benchmarks.recipes.fitting import train_networks
from benchmarks.recipes.peers.layers import adam, begin
from benchmarks.recipes.peers.stagewise import EachAnswer
from benchmarks.recipes.recipe import Facts, Recipe, signals_of_steps

from segmend import losses

STAGES, LAYERS, FILTERS = 4, 10, 64
DROPOUT, SMOOTHNESS, CUT = 0.5, 0.15, 4.0
LONGEST = 4096


def network(facts: Facts) -> keras.Model:
    """All stages' probabilities side by side, the last stage's last."""
    inputs = x = begin(facts)
    answers = []
    for number in range(STAGES):
        x = keras.layers.Conv1D(FILTERS, 1)(x)
        for depth in range(LAYERS):
            x = _residual(x, 2**depth)
        x = keras.layers.Dense(facts.classes, activation="softmax", name=f"stage{number + 1}")(x)
        answers.append(x)
    return keras.Model(inputs, keras.layers.concatenate(answers), name="ms_tcn")


def _residual(x: Any, dilation: int) -> Any:
    y = keras.layers.Conv1D(FILTERS, 3, padding="same", dilation_rate=dilation, activation="relu")(x)
    y = keras.layers.Dropout(DROPOUT)(keras.layers.Conv1D(FILTERS, 1)(y))
    return keras.layers.add([x, y])


def loss(facts: Facts) -> Any:
    """Cross-entropy and truncated squared jumps of log-probabilities, of every stage."""
    of_stage = losses.CrossEntropy() + SMOOTHNESS * losses.Smoothness(CUT)
    return EachAnswer(of_stage, facts.classes, (1.0,) * STAGES)


RECIPE = Recipe(
    name="ms_tcn",
    paper="Farha, Gall 2019, MS-TCN: multi-stage temporal convolutional network for action segmentation, CVPR",
    taken=(
        "4 stages of 10 residual layers (64 filters of 3 taps, dilations 1 to 512, dropout 0.5), 0.80 million "
        "weights on the paper's features; cross-entropy plus 0.15 of the truncated mean squared error (tau 4) of "
        "each stage; Adam 5e-4; one recording a batch; the last epoch (the paper trains for a fixed number); argmax"
    ),
    departs="recordings longer than 4096 steps are cut to that; the set's channels instead of I3D features",
    serves=signals_of_steps,
    train=train_networks,
    network=network,
    window=lambda facts: min(LONGEST, max(shape[0] for shape in facts.shapes)),
    batch=1,
    loss=loss,
    optimizer=lambda: adam(5e-4),
    keep="last",
)
