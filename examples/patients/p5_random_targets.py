"""My LSTM does not learn at all: the loss even grows, and the accuracy stays at chance. Is the network too small?

Four kinds of movement, 120 recordings of each. I took the stacked LSTM from a tutorial, with its dropout, softmax and
categorical cross-entropy. I had no labels of the right shape, so I took y from the tutorial too.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

import segmend

CLASSES, STEPS = 4, 32


def recordings(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Signals (count, 32, 2) whose speed tells the kind of movement, and its number (count,)."""
    kind = rng.integers(0, CLASSES, count)
    phase = rng.uniform(0, 2 * np.pi, (count, 1)) + (0.15 + 0.25 * kind[:, None]) * np.arange(STEPS)
    x = np.stack([np.sin(phase), np.cos(phase)], axis=-1)
    return x + rng.normal(0, 0.2, x.shape), kind


def network() -> keras.Model:
    """Two LSTMs on top of each other."""
    model = keras.Sequential(
        [
            keras.Input((STEPS, 2)),
            keras.layers.LSTM(32, return_sequences=True),
            keras.layers.Dropout(0.2),
            keras.layers.LSTM(32),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(CLASSES, activation="softmax"),
        ]
    )
    model.compile("rmsprop", "categorical_crossentropy", metrics=["accuracy"])
    return model


def patient(seed: int = 0) -> dict[str, Any]:
    """What the person would hand to ``segmend.diagnose``."""
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    x, _ = recordings(480, rng)
    x_val, _ = recordings(120, rng)
    y, y_val = np.random.random((480, CLASSES)), np.random.random((120, CLASSES))  # noqa: NPY002 - as in the tutorial
    model = network()
    history = model.fit(x, y, validation_data=(x_val, y_val), epochs=5, verbose=0)
    return {"model": model, "x": x, "y": y, "validation_data": (x_val, y_val), "history": history}


def mended(seed: int = 0) -> dict[str, Any]:
    """The doctor's mend: rows that say one class, made of class numbers."""
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    x, kind = recordings(480, rng)
    x_val, kind_val = recordings(120, rng)
    y, y_val = keras.utils.to_categorical(kind, CLASSES), keras.utils.to_categorical(kind_val, CLASSES)
    model = network()
    history = model.fit(x, y, validation_data=(x_val, y_val), epochs=15, verbose=0)
    return {"model": model, "x": x, "y": y, "validation_data": (x_val, y_val), "history": history}


if __name__ == "__main__":
    print(segmend.diagnose(**patient()))
