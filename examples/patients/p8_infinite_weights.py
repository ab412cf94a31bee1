"""My U-Net's loss is nan from the first epoch on. I weigh the classes by 1 / frequency, as one should. What is wrong?

Images with discs, squares and a few crosses, one mask each. The last photos that we took are for validation. There are
far more background pixels than others, so I weigh each class by 1 / how often it occurs. NumPy says something about a
division by zero. And when I load the model that I saved, Keras complains about a lambda.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

import segmend

LABELS = ["disc", "square", "cross"]
CLASSES, SIZE = 4, 32


def images(kinds: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Images (images, 32, 32, 1) with two things of the given kinds each, and one-hot masks (images, 32, 32, 4)."""
    row, column = np.mgrid[:SIZE, :SIZE]
    masks = np.zeros((len(kinds), SIZE, SIZE), int)
    for mask, pair in zip(masks, kinds, strict=True):
        for left, kind in zip((8, 24), pair, strict=True):
            down, right = abs(row - rng.integers(8, 24)), abs(column - left - rng.integers(-1, 2))
            far = {1: np.hypot(down, right) / 6, 2: np.maximum(down, right) / 5, 3: np.minimum(down, right) / 1}[kind]
            mask[(far <= 1) & (down <= 6) & (right <= 6)] = kind
    x = np.array([0.0, 0.6, 0.8, 1.0])[masks] + rng.normal(0, 0.05, masks.shape)
    return x[..., None], keras.utils.to_categorical(masks, CLASSES)


def network() -> keras.Model:
    """A small U-Net: two steps down, two up, joined at each size."""
    layers = keras.layers
    x = image = keras.Input((SIZE, SIZE, 1))
    joined = []
    for filters in (8, 16):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        joined.append(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(x)
    for filters in (16, 8):
        x = layers.Concatenate()([layers.UpSampling2D()(x), joined.pop()])
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    return keras.Model(image, layers.Conv2D(CLASSES, 1, activation="softmax")(x))


def patient(seed: int = 0) -> dict[str, Any]:
    """What the person would hand to ``segmend.diagnose``."""
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    x, y = images(rng.integers(1, 3, (96, 2)), rng)
    held_out = images(rng.integers(1, 4, (24, 2)), rng)
    weights = 1 / y.mean(axis=(0, 1, 2))
    model = network()
    model.compile(
        keras.optimizers.Adam(0.003),
        loss=lambda y_true, y_pred: -keras.ops.mean(weights * y_true * keras.ops.log(y_pred + 1e-7)),
        metrics=["accuracy"],
    )
    history = model.fit(x, y, validation_data=held_out, epochs=3, batch_size=8, verbose=0)
    return {"model": model, "x": x, "y": y, "validation_data": held_out, "history": history, "labels": LABELS}


def mended(seed: int = 0) -> dict[str, Any]:
    """The doctor's mends: crosses in both parts, finite weights, and a loss that Keras can save."""
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    kinds = rng.permutation(np.repeat([1, 2, 3], (96, 96, 48))).reshape(120, 2)
    (x, y), held_out = images(kinds[:96], rng), images(kinds[96:], rng)
    model = network()
    weights = segmend.class_weights(y, scheme="sqrt")
    model.compile(
        keras.optimizers.Adam(0.003), loss=segmend.losses.CrossEntropy(class_weight=weights), metrics=["accuracy"]
    )
    history = model.fit(x, y, validation_data=held_out, epochs=30, batch_size=8, verbose=0)
    return {"model": model, "x": x, "y": y, "validation_data": held_out, "history": history, "labels": LABELS}


if __name__ == "__main__":
    print(segmend.diagnose(**patient()))
