"""How do I train an LSTM for three yes/no labels at once? Mine finds one of them at most.

Each recording of a machine can be loud, hot and shaking, in any combination. I have a 0 or 1 for each, so I took binary
cross-entropy, and softmax because there are several outputs.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

import segmend

LABELS, STEPS = ["loud", "hot", "shaking"], 40


def recordings(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Signals (count, 40, 3), and three labels of 0 or 1 (count, 3), each of which holds in half of the recordings."""
    y = rng.integers(0, 2, (count, len(LABELS)))
    x = rng.normal(0, 1, (count, STEPS, len(LABELS)))
    x[:, 10:30] += 1.0 * y[:, None]
    return x, y


def network(activation: str = "softmax") -> keras.Model:
    """One LSTM and three outputs."""
    model = keras.Sequential(
        [
            keras.Input((STEPS, 3)),
            keras.layers.LSTM(32),
            keras.layers.Dense(len(LABELS), activation=activation),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["binary_accuracy"])
    return model


def _trained(activation: str, seed: int) -> dict[str, Any]:
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    (x, y), held_out = recordings(400, rng), recordings(200, rng)
    model = network(activation)
    history = model.fit(x, y, validation_data=held_out, epochs=10, verbose=0)
    return {"model": model, "x": x, "y": y, "validation_data": held_out, "history": history, "labels": LABELS}


def patient(seed: int = 0) -> dict[str, Any]:
    """What the person would hand to ``segmend.diagnose``."""
    return _trained("softmax", seed)


def mended(seed: int = 0) -> dict[str, Any]:
    """The doctor's mend: sigmoid."""
    return _trained("sigmoid", seed)


if __name__ == "__main__":
    print(segmend.diagnose(**patient()))
