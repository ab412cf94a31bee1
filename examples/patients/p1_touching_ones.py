"""Why does my network answer 1 everywhere?

I have recordings of about 2000 samples. Each holds 100 pulses, one right after the other, and I want a network to mark
the pulses so that I can count them. I set y to 1 wherever there is a pulse. ``fit`` complained about shapes, so I cut
the last 4 labels off. The loss goes to 0 at once, and the output is 1 everywhere: it counts a single pulse.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

import segmend

PULSES, STEPS = 100, 2000


def recordings(count: int, rng: np.random.Generator, gap: int = 0, first: int = STEPS) -> tuple[np.ndarray, np.ndarray]:
    """Signals (count, 2000, 1), and labels: 1 on the ``first`` steps of each pulse, but for ``gap`` before the next."""
    x, y = np.zeros((count, STEPS, 1)), np.zeros((count, STEPS, 1))
    for signal, label in zip(x, y, strict=True):
        starts = 20 * np.arange(PULSES) + rng.integers(0, 6, PULSES) * (np.arange(PULSES) > 0)
        for start, stop in zip(starts, [*starts[1:], STEPS], strict=True):
            signal[start:stop, 0] = np.exp(-np.arange(stop - start) / 6)
            label[start : min(stop - gap, start + first)] = 1
    return x + rng.normal(0, 0.05, x.shape), y


def network(padding: str = "valid") -> keras.Model:
    """Two convolutions and a sigmoid; "valid" is what Keras does by default."""
    model = keras.Sequential(
        [
            keras.Input((STEPS, 1)),
            keras.layers.Conv1D(32, 3, activation="relu", padding=padding),
            keras.layers.Conv1D(1, 3, activation="sigmoid", padding=padding),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
    return model


def trained(build: Callable[[], keras.Model], seed: int, cut: int, epochs: int, **labels: int) -> dict[str, Any]:
    """What ``segmend.diagnose`` takes of a network that was fitted to labels without their last ``cut`` steps."""
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    (x, y), held_out = recordings(16, rng, **labels), recordings(4, rng, **labels)
    model, kept = build(), STEPS - cut
    shorter = (held_out[0], held_out[1][:, :kept])
    history = model.fit(x, y[:, :kept], validation_data=shorter, epochs=epochs, batch_size=4, verbose=0)
    return {"model": model, "x": x, "y": y, "validation_data": held_out, "history": history}


def patient(seed: int = 0) -> dict[str, Any]:
    """What the person would hand to ``segmend.diagnose``."""
    return trained(network, seed, cut=4, epochs=5)


def mended(seed: int = 0) -> dict[str, Any]:
    """The doctor's mends: a gap of 3 steps between pulses in the labels, and padding "same"."""
    return trained(lambda: network("same"), seed, cut=0, epochs=40, gap=3)


if __name__ == "__main__":
    print(segmend.diagnose(**patient()))
