"""A plain U-Net for images with class weights: what people start with there."""

from __future__ import annotations

from typing import Any

import keras
from benchmarks.recipes.fitting import train_networks
from benchmarks.recipes.peers.layers import adam, begin, finish
from benchmarks.recipes.recipe import Facts, Recipe, images_of_pixels, weighted_cross_entropy

from segmend import augmentation
from segmend.models.initial import Normal

FILTERS, DROPOUT = (16, 32, 64, 128, 256), (0.1, 0.1, 0.2, 0.2, 0.3)


def network(facts: Facts) -> keras.Model:
    """Four poolings down, and back by transposed convolutions."""
    inputs = x = begin(facts)
    before = []
    for filters, dropout in zip(FILTERS[:-1], DROPOUT, strict=False):
        x = _twice(x, filters, dropout)
        before.append(x)
        x = keras.layers.MaxPooling2D(2)(x)
    x = _twice(x, FILTERS[-1], DROPOUT[-1])
    for filters, dropout, kept in zip(FILTERS[-2::-1], DROPOUT[-2::-1], before[::-1], strict=True):
        x = keras.layers.Conv2DTranspose(filters, 2, strides=2, padding="same")(x)
        x = _twice(keras.layers.concatenate([x, kept]), filters, dropout)
    return finish(facts, inputs, x, "unet_weighted")


def _twice(x: Any, filters: int, dropout: float) -> Any:
    x = _convolution(filters)(x)
    return _convolution(filters)(keras.layers.Dropout(dropout)(x))


def _convolution(filters: int) -> Any:
    return keras.layers.Conv2D(filters, 3, padding="same", activation="elu", kernel_initializer=Normal())


def augment(facts: Facts) -> list[Any]:
    """Images turned over."""
    return [augmentation.Flip(mode, share=0.5) for mode in ("horizontal", "vertical")]


RECIPE = Recipe(
    name="unet_weighted",
    paper=(
        "Ronneberger, Fischer, Brox 2015, U-Net: convolutional networks for biomedical image segmentation, MICCAI; "
        "sizes as in the Keras notebook that most entries to the 2018 Data Science Bowl began with"
    ),
    taken=(
        "two convolutions on each of five grids, 16 to 256 filters, ELU, dropout 0.1 to 0.3, max pooling, "
        "transposed convolutions, 1.94 million weights; cross-entropy with balanced class weights; Adam 1e-3; 16 "
        "windows of 128 pixels a batch; the epoch of the lowest validation loss; argmax, objects being what is "
        "connected"
    ),
    departs=(
        "windows are cut at full resolution instead of resizing the image to 128 pixels; they are turned over at "
        "random; no weight map for borders"
    ),
    serves=images_of_pixels,
    train=train_networks,
    network=network,
    window=lambda facts: 128,
    batch=16,
    loss=weighted_cross_entropy,
    optimizer=lambda: adam(1e-3),
    augment=augment,
)
