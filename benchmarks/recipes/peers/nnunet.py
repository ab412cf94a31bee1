"""A U-Net as nnU-Net configures and trains it: Dice and cross-entropy on every grid."""

from __future__ import annotations

import math
from typing import Any

import keras
from benchmarks.recipes.fitting import train_networks
from benchmarks.recipes.peers.layers import begin, layer
from benchmarks.recipes.peers.stagewise import EachAnswer
from benchmarks.recipes.recipe import Facts, Recipe

from segmend import augmentation, losses
from segmend.models.initial import Normal

FILTERS, MOST = {1: 32, 2: 16}, {1: 320, 2: 256}
SMALLEST = 4
"""Steps of the coarsest grid along an axis."""


def window(facts: Facts) -> int:
    """Images 128 pixels; signals the power of two below the usual recording, at most 2048 steps."""
    return 128 if facts.task.rank == 2 else 2 ** min(11, int(math.log2(facts.usual)))


def levels(facts: Facts) -> int:
    """How often the grid is halved: until it is 4 steps wide, at most 6 times."""
    return min(6, int(math.log2(window(facts) / SMALLEST)))


def answers(facts: Facts) -> int:
    """Grids that give an answer: all on the way back but the two coarsest."""
    return max(1, levels(facts) - 1)


def network(facts: Facts) -> keras.Model:
    """The answers of all grids side by side, repeated to full size, the finest last."""
    rank, count = facts.task.rank, levels(facts)
    widths = [min(FILTERS[rank] * 2**level, MOST[rank]) for level in range(count + 1)]
    inputs = x = begin(facts)
    before = []
    for level, width in enumerate(widths):
        x = _convolution(x, width, rank, stride=1 if level == 0 else 2)
        x = _convolution(x, width, rank)
        before.append(x)
    said = []
    for level in range(count - 1, -1, -1):
        x = keras.layers.concatenate([_up(x, widths[level], rank), before[level]])
        x = _convolution(_convolution(x, widths[level], rank), widths[level], rank)
        if level < answers(facts):
            answer = keras.layers.Dense(facts.classes, activation="softmax")(x)
            said.append(layer("UpSampling", rank, 2**level)(answer) if level else answer)
    return keras.Model(inputs, keras.layers.concatenate(said) if len(said) > 1 else said[0], name="nnunet")


def _up(x: Any, width: int, rank: int) -> Any:
    kind = (keras.layers.Conv1DTranspose, keras.layers.Conv2DTranspose)[rank - 1]
    return kind(width, 2, strides=2, use_bias=False)(x)


def _convolution(x: Any, width: int, rank: int, stride: int = 1) -> Any:
    x = layer("Conv", rank, width, 3, strides=stride, padding="same", kernel_initializer=Normal())(x)
    return keras.layers.LeakyReLU(0.01)(keras.layers.GroupNormalization(groups=-1, epsilon=1e-5)(x))


def loss(facts: Facts) -> Any:
    """Dice without the background plus cross-entropy, each coarser grid counting half of the finer one."""
    count = answers(facts)
    weights = [2.0 ** -(count - 1 - number) for number in range(count)]
    both = losses.CrossEntropy() + losses.Dice(over="batch", background=facts.background)
    return EachAnswer(both, facts.classes, [weight / sum(weights) for weight in weights])


def augment(facts: Facts) -> list[Any]:
    """Rotation, scaling, noise, amplitude and mirroring of images; of signals what leaves their order alone."""
    amplitude = [augmentation.Noise(share=0.1), augmentation.Scaling(1.25, share=0.15)]
    if facts.task.rank == 1:
        return [augmentation.Stretch(1.4, share=0.2), *amplitude]
    flips = [augmentation.Flip("horizontal", share=0.5), augmentation.Flip("vertical", share=0.5)]
    return [augmentation.Rotation(180, share=0.2), augmentation.Zoom(0.3, share=0.2), *amplitude, *flips]


RECIPE = Recipe(
    name="nnunet",
    paper=(
        "Isensee, Jaeger, Kohl, Petersen, Maier-Hein 2021, nnU-Net: a self-configuring method for deep "
        "learning-based biomedical image segmentation, Nature Methods 18:203"
    ),
    taken=(
        "two convolutions, instance normalisation and leaky ReLU on each grid, down by strides until it is 4 wide, "
        "back by transposed convolutions; filters from 32, doubled to at most 320; Dice plus cross-entropy on each "
        "grid but the two coarsest, halved weights; SGD 0.01 with Nesterov momentum 0.99, decay 3e-5, rate times (1 "
        "- t)^0.9; a third of windows drawn for the foreground; rotation, scaling, noise, amplitude, mirroring; "
        "each recording standardised; windows overlap by half; the last weights; argmax"
    ),
    departs=(
        "images begin with 16 filters in windows of 128 pixels, four a batch, for two cores; signals have one axis "
        "and are neither rotated nor mirrored; coarse answers are judged at full size; the middles of windows are "
        "kept instead of Gaussian weights; no mirroring in prediction"
    ),
    serves=lambda task: task.kind == "segmentation",
    train=train_networks,
    network=network,
    window=window,
    batch=4,
    loss=loss,
    optimizer=lambda: keras.optimizers.SGD(0.01, momentum=0.99, nesterov=True, weight_decay=3e-5, global_clipnorm=12.0),
    rate=lambda used: (1 - used) ** 0.9,
    keep="last",
    augment=augment,
    balanced=1 / 3,
    scaled="recording",
)
