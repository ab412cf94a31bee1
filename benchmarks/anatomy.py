"""Seconds to tell receptive fields of deep models, in theory and by gradients: python benchmarks/anatomy.py [N]."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable

import keras
from keras import layers

from segmend.anatomy import receptive_field
from segmend.anatomy.graph import flat_layers

LIMIT = 1.0
"""Seconds of processor time that the field in theory of 200 layers may take."""


def block(x: keras.KerasTensor, level: int) -> keras.KerasTensor:
    """Convolution, normalisation, ReLU and addition: four layers."""
    y = layers.Conv1D(8, 3, padding="same", dilation_rate=2 ** (level % 8))(x)
    return layers.Add()([x, layers.ReLU()(layers.BatchNormalization()(y))])


def residual(depth: int, steps: int | None) -> keras.Model:
    """Residual blocks one after the other, ``depth`` layers in all."""
    inputs = keras.Input((steps, 4))
    x = layers.Conv1D(8, 3, padding="same")(inputs)
    for level in range(depth // 4):
        x = block(x, level)
    return keras.Model(inputs, layers.Dense(3)(x))


def nested(depth: int, steps: int | None) -> keras.Model:
    """The same, as models of eight blocks inside a model inside a Sequential one."""
    x = inputs = keras.Input((steps, 8))
    for _ in range(max(1, depth // 32)):
        inner = keras.Input((steps, 8))
        y = inner
        for level in range(8):
            y = block(y, level)
        x = keras.Model(inner, y)(x)
    head = layers.Dense(3, name="head")
    return keras.Sequential(
        [keras.Input((steps, 4)), layers.Conv1D(8, 3, padding="same"), keras.Model(inputs, x), head]
    )


def unet(depth: int, steps: int | None) -> keras.Model:
    """Five levels of strided and transposed convolutions with joins, ``depth`` layers in all."""
    x = inputs = keras.Input((steps, 4))
    kept = []
    for _ in range(5):
        kept.append(x)
        x = layers.Conv1D(8, 5, strides=2, padding="same")(x)
    for _ in range(depth - 15):
        x = layers.Conv1D(8, 3, padding="same")(x)
    for level in reversed(kept):
        x = layers.Concatenate()([layers.UpSampling1D(2)(x), level])
    return keras.Model(inputs, x)


def row(build: Callable[[int, int | None], keras.Model], depth: int, steps: int | None) -> bool:
    """Print the line of one model; whether it kept the limit."""
    model = build(depth, steps)
    clocks = [(time.process_time(), time.perf_counter())]
    receptive_field(model, effective=False)
    clocks.append((time.process_time(), time.perf_counter()))
    (fields,) = receptive_field(model).values()
    clocks.append((time.process_time(), time.perf_counter()))
    (theory, waited), (effective, _) = (
        (late[0] - early[0], late[1] - early[1]) for early, late in itertools.pairwise(clocks)
    )
    (field,) = fields
    shares = " / ".join(str(field.effective.get(share, "-")) for share in (50, 90, 95, 99))
    kept = "yes" if theory < LIMIT else "NO"
    length, reach = steps or "open", f"{field.left} to {field.right}"
    count = len(list(flat_layers(model)))
    print(
        f"{build.__name__:9s}{count:7d}{length:>8}{theory:9.2f}{waited:8.2f}{kept:>9}{effective:11.1f}{reach:>16}"
        f"{field.smallest:10d}  {shares}"
    )
    return theory < LIMIT


def main(depth: int) -> int:
    """Print a line per model; 1 where one took longer than the limit."""
    print(f"{keras.backend.backend()}; seconds of processor time; limit {LIMIT:g} s for the theory")
    print(
        "model     layers   input   theory    wall in limit  effective            sees  smallest  50 / 90 / 95 / 99 %"
    )
    kept = [row(build, depth, steps) for build in (residual, nested, unet) for steps in (None, 1024)]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
