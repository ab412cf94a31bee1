"""The layers that models of every rank are put together from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import keras
import numpy as np

from segmend.errors import InputError
from segmend.models import masked
from segmend.models.initial import Normal
from segmend.ops import CropLike

Norm = Literal["layer", "batch", "none"]
PADDINGS = ("same", "causal")

MOMENTUM = 0.9
"""Of batch statistics: they follow within tens of batches, since trainings here are hundreds of batches long."""


def layer(kind: str, rank: int, *args: Any, **options: Any) -> keras.layers.Layer:
    """A layer by its name without the rank: ``layer("MaskedConv", 2, ...)`` is a ``MaskedConv2D``.

    The house's own layers are looked up before Keras'.
    """
    name = f"{kind}{rank}D"
    return (getattr(masked, name, None) or getattr(keras.layers, name))(*args, **options)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a plan: repeat each step ``up`` times, then convolve.

    Attributes:
        kernel: taps of the convolution.
        dilation: steps between two taps.
        stride: steps per output step.
        up: times that each step is repeated first.
        padding: "same" (centred) or "causal" (nothing of the future is seen).
    """

    kernel: int
    dilation: int = 1
    stride: int = 1
    up: int = 1
    padding: str = "same"

    def __post_init__(self) -> None:
        for name in ("kernel", "dilation", "stride", "up"):
            value = getattr(self, name)
            if not isinstance(value, int) or value < 1:
                raise InputError(f"stages: expected {name} as an integer of at least 1. Received {value!r}")
        if self.padding not in PADDINGS:
            raise InputError(f"stages: expected padding among {list(PADDINGS)}. Received {self.padding!r}")
        if self.stride > 1 and self.up > 1:
            raise InputError(f"stages: expected a stage to go up or down. Received stride {self.stride}, up {self.up}")

    @property
    def reach(self) -> int:
        """Steps from the first tap to the last one, both included."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def pads(self) -> tuple[int, int]:
        """Steps of zeros before and after, so that an input of n steps gives ceil(n / stride) output steps.

        Keras' own "same" moves by a step with the length of the input; these do not, so that tiles fit together.
        """
        left = self.reach - 1 if self.padding == "causal" else max(self.reach - self.stride, 0) // 2
        return left, self.reach - 1 - left


def convolve(x: Any, filters: int, stage: Stage, *, name: str) -> Any:
    """The convolution of a stage, without its repetition."""
    rank = len(x.shape) - 2
    explicit = stage.stride > 1 or (stage.padding == "causal" and stage.kernel > 1)
    conv = layer(
        "MaskedConv",
        rank,
        filters,
        stage.kernel,
        strides=stage.stride,
        dilation_rate=stage.dilation,
        padding="valid" if explicit else "same",
        pads=stage.pads if explicit else (0, 0),
        kernel_initializer=Normal(),
        name=name,
    )
    return conv(x)


def activate(x: Any, norm: str, *, name: str) -> Any:
    """Normalisation and ReLU, both of which see one step at a time (when predicting), so that tiles equal one pass.

    Raises:
        InputError: ``norm`` is none of "layer", "batch", "none".
    """
    if norm not in get_args(Norm):
        raise InputError(f"norm: expected one of {list(get_args(Norm))}. Received {norm!r}")
    if norm == "layer":
        x = keras.layers.LayerNormalization(name=f"{name}_norm")(x)
    elif norm == "batch":
        x = keras.layers.BatchNormalization(momentum=MOMENTUM, name=f"{name}_norm")(x)
    return keras.layers.Activation("relu", name=f"{name}_relu")(x)


def without_some(x: Any, rate: float, *, name: str) -> Any:
    """A branch beside a shortcut, switched off as a whole for some recordings while training (stochastic depth).

    What is left is scaled up, so that the branch is on average what it is when predicting.

    Args:
        x: ``(batch, ..., channels)``.
        rate: share of recordings that go without the branch; 0 adds no layer.
        name: of what the branch belongs to.

    Source:
        Huang et al. 2016, "Deep networks with stochastic depth".
    """
    if not rate:
        return x
    whole = (None, *(1,) * (len(x.shape) - 1))
    return keras.layers.Dropout(rate, noise_shape=whole, name=f"{name}_path")(x)


def upsample(x: Any, times: int, like: Any, *, name: str, join: bool = True, dtype: str | None = None) -> Any:
    """Each step ``times`` times, cut to the length of ``like`` and, where asked for, laid beside its channels."""
    x = layer("Repeat", len(x.shape) - 2, times, dtype=dtype, name=f"{name}_up")(x)
    x = CropLike(dtype=dtype, name=f"{name}_crop")([x, like])
    return keras.layers.Concatenate(name=f"{name}_join")([x, like]) if join else x


def standardise(x: Any, mean: Sequence[float] | None, std: Sequence[float] | None) -> Any:
    """The signal minus the mean, by the standard deviation; a constant channel keeps its scale."""
    if mean is None and std is None:
        return x
    channels = x.shape[-1]
    centre = per_channel("mean", mean, channels, 0.0)
    scale = per_channel("std", std, channels, 1.0)
    scale = np.where(scale > 0, scale, 1.0)
    norm = keras.layers.Normalization(
        axis=-1, mean=centre.tolist(), variance=np.square(scale).tolist(), dtype="float32", name="standardise"
    )
    return norm(x)


def require_depth(depth: Any) -> None:
    """Refuse a number of layers, one upon the other, that is none."""
    if not isinstance(depth, int) or depth < 1:
        raise InputError(f"depth: expected an integer of at least 1. Received {depth!r}")


def per_channel(name: str, values: Sequence[float] | None, count: int, default: float) -> Any:
    """One finite number per channel."""
    known = np.full(count, default) if values is None else np.asarray(values, np.float64)
    if known.shape != (count,) or not np.isfinite(known).all():
        raise InputError(f"{name}: expected {count} finite numbers. Received {values!r}")
    return known
