"""ResNet-20, for small images with one label."""

from __future__ import annotations

from typing import Any

import keras
from benchmarks.recipes.fitting import train_networks
from benchmarks.recipes.peers.layers import begin, finish
from benchmarks.recipes.recipe import Facts, Recipe, whole_images

from segmend import augmentation
from segmend.models.initial import Normal

FILTERS, BLOCKS = (16, 32, 64), 3


def network(facts: Facts) -> keras.Model:
    """Three stages of three residual blocks; shortcuts without weights."""
    inputs = begin(facts)
    x = keras.layers.ReLU()(_normalised(inputs, FILTERS[0], 1))
    for stage, filters in enumerate(FILTERS):
        for block in range(BLOCKS):
            stride = 2 if stage and not block else 1
            y = keras.layers.ReLU()(_normalised(x, filters, stride))
            y = _normalised(y, filters, 1)
            x = keras.layers.ReLU()(keras.layers.add([_shortcut(x, filters, stride), y]))
    return finish(facts, inputs, keras.layers.GlobalAveragePooling2D()(x), "resnet20")


def _normalised(x: Any, filters: int, stride: int) -> Any:
    x = keras.layers.Conv2D(filters, 3, stride, "same", use_bias=False, kernel_initializer=Normal())(x)
    return keras.layers.BatchNormalization()(x)


def _shortcut(x: Any, filters: int, stride: int) -> Any:
    """Every other pixel, with channels of zeros beside the old ones."""
    if stride == 1:
        return x
    x = keras.layers.AveragePooling2D(1, strides=stride, padding="same")(x)
    return keras.layers.concatenate([x, *[keras.ops.zeros_like(x)] * (filters // x.shape[-1] - 1)])


def augment(facts: Facts) -> list[Any]:
    """Images shifted by a tenth and mirrored."""
    shift = augmentation.Translation(height=0.1, width=0.1, labels="recording")
    return [shift, augmentation.Flip("horizontal", share=0.5, labels="recording")]


def rate(used: float) -> float:
    """A tenth after half of the time, a hundredth after three quarters."""
    return 1.0 if used < 0.5 else 0.1 if used < 0.75 else 0.01


RECIPE = Recipe(
    name="resnet20",
    paper="He, Zhang, Ren, Sun 2016, Deep residual learning for image recognition, CVPR, section 4.2 (CIFAR-10)",
    taken=(
        "three stages of three residual blocks, 16, 32 and 64 filters, batch normalisation, shortcuts without "
        "weights, 0.27 million weights; cross-entropy; SGD 0.1 with momentum 0.9, decay 1e-4, a tenth at one half "
        "and at three quarters; 128 images a batch; shifts by a tenth and mirroring; the last weights"
    ),
    departs="beside a plain network this is what people take next. Shifts may lie between pixels",
    serves=whole_images,
    train=train_networks,
    network=network,
    window=lambda facts: facts.usual,
    batch=128,
    optimizer=lambda: keras.optimizers.SGD(0.1, momentum=0.9, weight_decay=1e-4),
    rate=rate,
    keep="last",
    augment=augment,
)
