"""How often fixed convolutions of a recording lie above fixed heights: features that need no training."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Any

import keras
import numpy as np
from keras import ops

from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.ops import hide

TAPS = 9
HIGH = tuple(itertools.combinations(range(TAPS), 3))
"""The three taps of weight 2 in each of the 84 kernels; the others weigh -1, so that levels do not show."""


@keras.saving.register_keras_serializable(package="segmend")
class KernelShares(keras.layers.Layer):
    """The share of steps at which each convolution lies above each height.

    MiniRocket's 84 kernels of nine taps at several dilations, each of a few channels added up. Heights are multiples of
    the convolution's own spread in the recording, so that neither level nor scale of a recording shows. The feature is
    the share of steps above, less what noise would give. Nothing here is trained.

    Args:
        dilations: distances of the taps, in steps.
        heights: how many heights, evenly spaced quantiles of a normal distribution.
        seed: chooses which channels each kernel adds up.
        options: as for ``keras.layers.Layer``.

    Raises:
        InputError: there is no dilation, or one of them or the number of heights is below 1.

    Source:
        Dempster et al. 2021, "MiniRocket: A very fast (almost) deterministic transform for time series classification".
        Its heights are quantiles of training recordings; those here come from the recording itself.

    Examples:
        >>> shares = KernelShares(dilations=(1, 2), heights=3)(np.ones((4, 20, 2), "float32"))
        >>> shares.shape
        (4, 504)
    """

    def __init__(self, dilations: Sequence[int], heights: int = 4, seed: int = 0, **options: Any) -> None:
        super().__init__(**options)
        self.dilations, self.heights, self.seed = tuple(int(d) for d in dilations), int(heights), int(seed)
        if not self.dilations or min(*self.dilations, self.heights) < 1:
            raise InputError(
                "KernelShares: expected dilations and a number of heights of at least 1. "
                f"Received {list(dilations)} and {heights}"
            )
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """The kernels of each dilation, (taps, channels, 84); saved with the model, though nothing trains them."""
        rng, channels = np.random.default_rng(self.seed), int(input_shape[-1])
        self.kernels = []
        for dilation in self.dilations:
            made, shape = _kernels(channels, rng), (TAPS, channels, len(HIGH))
            options = {"initializer": "zeros", "trainable": False, "autocast": False}  # shares need single precision
            kernel = self.add_weight(shape=shape, name=f"kernels{dilation}", **options)
            kernel.assign(made)
            self.kernels.append(kernel)
        self.built = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """Shares (batch, features) of signals (batch, steps, channels)."""
        x = ops.cast(hide(inputs, mask), "float32")
        valid = ops.ones_like(x[..., :1]) if mask is None else ops.cast(ops.expand_dims(mask, -1), "float32")
        count = ops.maximum(ops.sum(valid, axis=1), 1.0)
        # Beyond its ends a recording goes on at its mean: zeros would make a step of its level.
        x = (x - ops.expand_dims(ops.sum(x, axis=1) / count, 1)) * valid
        features = []
        for dilation, kernel in zip(self.dilations, self.kernels, strict=True):
            # Padded by hand: at a dilation beyond the length, backends disagree about what "same" is.
            reach = dilation * (TAPS // 2)
            padded = ops.pad(x, ((0, 0), (reach, reach), (0, 0)))
            z = ops.conv(padded, kernel, padding="valid", dilation_rate=dilation)
            spread = ops.sqrt(ops.sum(ops.square(z) * valid, axis=1) / count + keras.config.epsilon())
            for height, expected in _heights(self.heights):
                above = ops.cast(z > height * ops.expand_dims(spread, 1), "float32")
                features.append(ops.sum(above * valid, axis=1) / count - expected)
        return ops.cast(ops.concatenate(features, axis=-1), self.compute_dtype)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> None:
        """None: there are no steps left."""

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, int]:
        """Batch and features."""
        return (input_shape[0], len(HIGH) * len(self.dilations) * self.heights)

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        own = {"dilations": list(self.dilations), "heights": self.heights, "seed": self.seed}
        return {**super().get_config(), **own}


def _kernels(channels: int, rng: np.random.Generator) -> FloatArray:
    """The 84 kernels, each of between one and all channels, few more often than many."""
    taps = np.full((TAPS, 1, len(HIGH)), -1.0, np.float32)
    for number, places in enumerate(HIGH):
        taps[list(places), 0, number] = 2.0
    seen = np.zeros((1, channels, len(HIGH)), np.float32)
    for number in range(len(HIGH)):
        many = int(2 ** rng.uniform(0, math.log2(channels + 1)))
        seen[0, rng.choice(channels, many, replace=False), number] = 1.0
    return taps * seen


def _heights(number: int) -> list[tuple[float, float]]:
    """Heights in standard deviations, and the share of normal noise above each.

    >>> [(round(height, 2), share) for height, share in _heights(3)]
    [(-0.67, 0.75), (0.0, 0.5), (0.67, 0.25)]
    """
    shares = [k / (number + 1) for k in range(1, number + 1)]
    return [(NormalDist().inv_cdf(share), 1 - share) for share in shares]
