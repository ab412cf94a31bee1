"""Seconds that ``of_keras`` takes for deep models: python benchmarks/anatomy.py [LAYERS]."""

from __future__ import annotations

import sys
import time

import keras
from keras import layers

from segmend.anatomy import of_keras


def residual(depth: int, steps: int | None) -> keras.Model:
    """Blocks of convolution, normalisation, ReLU and addition, with ``depth`` layers in all."""
    inputs = keras.Input((steps, 4))
    x = layers.Conv1D(8, 3, padding="same")(inputs)
    for block in range(depth // 4):
        y = layers.Conv1D(8, 3, padding="same", dilation_rate=2 ** (block % 8))(x)
        y = layers.ReLU()(layers.BatchNormalization()(y))
        x = layers.Add()([x, y])
    return keras.Model(inputs, layers.Dense(3, activation="softmax")(x))


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


def main(depth: int) -> None:
    """Print one line per model."""
    for build in (residual, unet):
        for steps in (None, 1024):
            model = build(depth, steps)
            start = time.perf_counter()
            (output,) = of_keras(model).outputs
            seconds = time.perf_counter() - start
            field = output.fields[0]
            print(
                f"{build.__name__:9s} {len(model.layers)} layers, length {steps}: {seconds:.2f} s, "
                f"field {field.left} to {field.right}, smallest {field.smallest}"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
