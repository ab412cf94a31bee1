"""Small things that several networks are put together from."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
from benchmarks.recipes.recipe import Facts

from segmend.models.initial import Normal


def layer(kind: str, rank: int, *args: Any, **options: Any) -> Any:
    """A Keras layer by its name without the rank: ``layer("Conv", 2, ...)`` is a ``Conv2D``."""
    return getattr(keras.layers, f"{kind}{rank}D")(*args, **options)


def begin(facts: Facts) -> Any:
    """The input, of any length."""
    return keras.Input((*(None,) * facts.task.rank, facts.channels), name="signal")


def finish(facts: Facts, inputs: Any, x: Any, name: str) -> keras.Model:
    """A distribution over classes of each step, or of the whole where it has one label."""
    outputs = keras.layers.Dense(facts.classes, activation=last_activation(facts), name="probabilities")(x)
    return keras.Model(inputs, outputs, name=name)


def last_activation(facts: Facts) -> str:
    """Softmax, or sigmoid where labels may overlap."""
    return "sigmoid" if facts.multilabel else "softmax"


def adam(rate: float) -> Any:
    """Adam at a constant rate."""
    return keras.optimizers.Adam(rate)


def glorot(inputs: int, outputs: int) -> Normal:
    """Glorot's first weights, drawn by NumPy: JAX compiles a generator for every shape.

    Normal numbers of the variance that the uniform ones have.
    """
    return Normal(std=math.sqrt(2 / (inputs + outputs)))


def holding(facts: Facts, published: int, most: int) -> int:
    """The published window, or twice the set's longest usual segment where that is longer: windows hold several.

    Args:
        facts: of the data.
        published: steps of the paper's window.
        most: longest window.

    Returns:
        Steps, a multiple of 16.
    """
    long = float(np.quantile(facts.durations, 0.95))
    return int(min(max(published, -(-2 * long // 16) * 16), most))
