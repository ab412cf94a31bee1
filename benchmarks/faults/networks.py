"""The networks that people write: plain Keras, for signals and images, for steps and wholes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from benchmarks.faults.recipe import Recipe
from keras import layers


def network(recipe: Recipe, shape: tuple[int, ...], classes: int, sample: Any) -> keras.Model:
    """The recipe's network, untrained.

    Args:
        recipe: what is built.
        shape: of a recording, (*spatial, channels).
        classes: the background included.
        sample: training recordings, from which the input is standardised.
    """
    inputs = keras.Input((*[None] * (len(shape) - 1), shape[-1]) if recipe.any_length else shape)
    x = inputs
    if recipe.augmented:
        x = layers.RandomTranslation(0.2, 0.2)(layers.RandomFlip()(x))
    if recipe.masked:
        x = layers.Masking(0.0)(x)
    if recipe.standardised:
        normalise = layers.Normalization(axis=-1)
        normalise.adapt(np.nan_to_num(sample))
        x = normalise(x)
    x = NETWORKS[recipe.net](recipe, x, len(shape) - 1)
    if recipe.dropout:
        x = layers.Dropout(recipe.dropout)(x)
    bias = [recipe.bias, *[0.0] * (classes - 1)]
    last = layers.Dense(
        classes,
        activation=recipe.activation,
        bias_initializer=keras.initializers.Constant(bias),
        dtype="float32",
        name="last",
    )
    return keras.Model(inputs, last(x))


def tcn(recipe: Recipe, x: Any, rank: int) -> Any:
    """Dilated convolutions, residual where lengths allow it."""
    x = activated(recipe, convolution(recipe, rank, 1)(x))
    if recipe.pool > 1:
        x = pooling(rank)(recipe.pool)(x)
    for dilation in recipe.dilations:
        y = activated(recipe, convolution(recipe, rank, dilation)(x))
        x = y if recipe.padding == "valid" else layers.add([x, y])
    return repeating(rank)(recipe.pool)(x) if recipe.pool > 1 else x


def unet(recipe: Recipe, x: Any, rank: int) -> Any:
    """Down twice or more, and back with the finer grids joined."""
    before = []
    for level in range(recipe.levels):
        x = activated(recipe, convolution(recipe, rank, 1, width=2**level)(x))
        x = activated(recipe, convolution(recipe, rank, 1, width=2**level)(x))
        before.append(x)
        x = pooling(rank)(2)(x)
    x = activated(recipe, convolution(recipe, rank, 1, width=2**recipe.levels)(x))
    for level in reversed(range(recipe.levels)):
        x = layers.concatenate([repeating(rank)(2)(x), before[level]])
        x = activated(recipe, convolution(recipe, rank, 1, width=2**level)(x))
    if recipe.pool > 1:
        x = repeating(rank)(recipe.pool)(pooling(rank)(recipe.pool)(x))
    return x


def pooled(recipe: Recipe, x: Any, rank: int) -> Any:
    """Convolutions and a mean over all positions: a label for a whole."""
    for level in range(recipe.levels):
        x = activated(recipe, convolution(recipe, rank, 1, width=2**level)(x))
        x = pooling(rank)(2)(x)
    mean = (layers.GlobalAveragePooling1D, layers.GlobalAveragePooling2D)[rank - 1]
    return mean()(x)


def last_state(recipe: Recipe, x: Any, rank: int) -> Any:
    """A recurrent layer's state after the last step: a label for a whole."""
    assert rank == 1
    return layers.LSTM(recipe.filters)(x)


def last_step(recipe: Recipe, x: Any, rank: int) -> Any:
    """The last step of a bidirectional layer, as people take it."""
    assert rank == 1
    return layers.Bidirectional(layers.LSTM(recipe.filters, return_sequences=True))(x)[:, -1]


def both_states(recipe: Recipe, x: Any, rank: int) -> Any:
    """The last states of a bidirectional layer."""
    assert rank == 1
    return layers.Bidirectional(layers.LSTM(recipe.filters))(x)


def dense(recipe: Recipe, x: Any, rank: int) -> Any:
    """All values of a recording to wide layers: a label for a whole."""
    x = layers.Flatten()(x)
    for _ in range(2):
        x = layers.Dense(recipe.filters * 16, activation="relu", kernel_regularizer=penalty(recipe))(x)
    return x


NETWORKS: dict[str, Callable[[Recipe, Any, int], Any]] = {
    each.__name__: each for each in (tcn, unet, pooled, last_state, last_step, both_states, dense)
}


def convolution(recipe: Recipe, rank: int, dilation: int, *, width: int = 1) -> Any:
    """A convolution of the recipe's kernel, without activation."""
    kind = (layers.Conv1D, layers.Conv2D)[rank - 1]
    return kind(
        recipe.filters * width,
        recipe.kernel,
        dilation_rate=dilation,
        padding=recipe.padding,
        kernel_regularizer=penalty(recipe),
        bias_initializer=keras.initializers.Constant(recipe.hidden_bias),
    )


def activated(recipe: Recipe, x: Any) -> Any:
    """Normalised over channels where the recipe says so, then ReLU."""
    return layers.ReLU()(layers.LayerNormalization()(x) if recipe.normalised else x)


def penalty(recipe: Recipe) -> Any:
    """The L2 penalty on weights."""
    return keras.regularizers.L2(recipe.l2) if recipe.l2 else None


def pooling(rank: int) -> Any:
    """Max pooling of a rank."""
    return (layers.MaxPooling1D, layers.MaxPooling2D)[rank - 1]


def repeating(rank: int) -> Any:
    """Upsampling of a rank."""
    return (layers.UpSampling1D, layers.UpSampling2D)[rank - 1]
