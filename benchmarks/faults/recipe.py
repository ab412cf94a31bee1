"""What a program is: network, loss and training, as data that a fault changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A program without its data.

    Attributes:
        net: name in ``networks.NETWORKS``.
        filters, kernel, dilations, levels, pool, padding, normalised, hidden_bias: of its layers.
        standardised: the model standardises its input.
        masked: padded steps are masked.
        augmented: the model turns its input over at random.
        any_length: inputs may have any length.
        dropout, l2: regularisation.
        activation, bias: of the last layer; the bias of its first class.
        loss: name in ``training.LOSSES``.
        metrics: names of Keras' metrics; "macro_f1" is segmend's.
        learning_rate, epochs, batch, best: of training; ``best`` keeps the weights of the best epoch.
        weights: class weights for ``fit``, balanced by the "train" or the "val" part; None for none.
    """

    net: str = "tcn"
    filters: int = 24
    kernel: int = 5
    dilations: tuple[int, ...] = (1, 2, 4, 8, 16)
    levels: int = 3
    pool: int = 1
    padding: str = "same"
    normalised: bool = True
    hidden_bias: float = 0.0
    standardised: bool = True
    masked: bool = False
    augmented: bool = False
    any_length: bool = True
    dropout: float = 0.2
    l2: float = 0.0
    activation: str = "softmax"
    bias: float = 0.0
    loss: str = "cross_entropy"
    metrics: tuple[str, ...] = ("accuracy", "macro_f1")
    learning_rate: float = 3e-3
    epochs: int = 20
    batch: int = 8
    best: bool = True
    weights: str | None = None


MANY: dict[str, Any] = {"activation": "sigmoid", "loss": "binary_cross_entropy", "metrics": ("macro_f1",)}

WITHOUT = "healthy"
"""The kind of a program without a fault."""

HEALTHY: dict[str, dict[str, Recipe]] = {
    "ludb": {
        "tcn": Recipe(epochs=16),
        "unet": Recipe(net="unet", filters=12, epochs=12),
    },
    "finch_gy6or6": {
        "tcn": Recipe(filters=32, epochs=24),
        "unet": Recipe(net="unet", filters=16, epochs=14),
    },
    "dsb_nuclei": {
        "tcn": Recipe(filters=8, kernel=3, dilations=(1, 2, 4, 8), epochs=8),
        "unet": Recipe(net="unet", filters=8, kernel=3, levels=2, epochs=9),
    },
    "ludb_waves": {
        "pooled": Recipe(net="pooled", filters=16, epochs=16, batch=16),
        "both_states": Recipe(net="both_states", filters=16, epochs=16, batch=16),
    },
    "finch_syllables": {
        "pooled": Recipe(net="pooled", filters=16, levels=2, epochs=16, batch=16),
        "both_states": Recipe(net="both_states", filters=24, epochs=16, batch=16),
    },
    "bccd_cells": {"pooled": Recipe(net="pooled", filters=12, kernel=3, epochs=14, batch=16)},
    "finch_presence": {"pooled": Recipe(net="pooled", filters=24, epochs=20, batch=16, **MANY)},
    "bccd_mosaics": {"pooled": Recipe(net="pooled", filters=12, kernel=3, epochs=16, batch=16, **MANY)},
    "ludb_overlapping": {"unet": Recipe(net="unet", filters=12, epochs=12, **MANY)},
}
"""Programs in which nothing is wrong, by data set and style."""
