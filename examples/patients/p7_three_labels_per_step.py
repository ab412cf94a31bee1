"""The same three yes/no labels, but one set of them for every step. Why do my events come out in pieces?

The machine's recordings again, now with marks for when it is loud, when hot and when shaking, which may overlap. I let
the LSTM return all its steps and kept softmax and binary cross-entropy.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

import segmend

LABELS, STEPS = ["loud", "hot", "shaking"], 120


def recordings(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Signals (count, 120, 3), and labels of 0 or 1 (count, 120, 3): each holds twice in a recording, for 15 to 40."""
    y = np.zeros((count, STEPS, len(LABELS)))
    for marks in y:
        for label in range(len(LABELS)):
            for start in (rng.integers(0, 15), rng.integers(60, 75)):
                marks[start : start + rng.integers(15, 41), label] = 1
    return 3 * y + rng.normal(0, 0.7, y.shape), y


def network(activation: str = "softmax") -> keras.Model:
    """One LSTM and three outputs at each step."""
    model = keras.Sequential(
        [
            keras.Input((STEPS, 3)),
            keras.layers.LSTM(16, return_sequences=True),
            keras.layers.Dense(len(LABELS), activation=activation),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["binary_accuracy"])
    return model


def _trained(activation: str, seed: int) -> dict[str, Any]:
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    (x, y), held_out = recordings(120, rng), recordings(40, rng)
    model = network(activation)
    history = model.fit(x, y, validation_data=held_out, epochs=20, batch_size=16, verbose=0)
    return {"model": model, "x": x, "y": y, "validation_data": held_out, "history": history, "labels": LABELS}


def patient(seed: int = 0) -> dict[str, Any]:
    """What the person would hand to ``segmend.diagnose``."""
    return _trained("softmax", seed)


def mended(seed: int = 0) -> dict[str, Any]:
    """The doctor's mend: sigmoid."""
    return _trained("sigmoid", seed)


if __name__ == "__main__":
    print(segmend.diagnose(**patient()))
