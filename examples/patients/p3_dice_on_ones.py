"""I use Dice loss, as everybody does for segmentation. Why is my output still 1 everywhere?

My recordings hold 100 pulses, one right after the other, and y is 1 wherever there is a pulse. With binary
cross-entropy the network said 1 everywhere, and I read that Dice is what one takes for unbalanced data. Dice loss goes
to 0, and nothing has changed.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

import segmend

PULSES, STEPS = 100, 2000


def recordings(count: int, rng: np.random.Generator, first: int = STEPS) -> tuple[np.ndarray, np.ndarray]:
    """Signals (count, 2000, 1), and labels that are 1 on the ``first`` steps of each pulse, at most up to the next."""
    x, y = np.zeros((count, STEPS, 1)), np.zeros((count, STEPS, 1))
    for signal, label in zip(x, y, strict=True):
        starts = 20 * np.arange(PULSES) + rng.integers(0, 6, PULSES) * (np.arange(PULSES) > 0)
        for start, stop in zip(starts, [*starts[1:], STEPS], strict=True):
            signal[start:stop, 0] = np.exp(-np.arange(stop - start) / 6)
            label[start : min(stop, start + first)] = 1
    return x + rng.normal(0, 0.05, x.shape), y


def network(padding: str = "valid") -> keras.Model:
    """Two convolutions of 31 and 15 taps and a sigmoid."""
    model = keras.Sequential(
        [
            keras.Input((STEPS, 1)),
            keras.layers.Conv1D(32, 31, activation="relu", padding=padding),
            keras.layers.Conv1D(1, 15, activation="sigmoid", padding=padding),
        ]
    )
    model.compile("adam", keras.losses.Dice(), metrics=["accuracy"])
    return model


def patient(seed: int = 0) -> dict[str, Any]:
    """What the person would hand to ``segmend.diagnose``."""
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    (x, y), held_out = recordings(16, rng), recordings(4, rng)
    model = network()
    cut = (held_out[0], held_out[1][:, :-44])
    history = model.fit(x, y[:, :-44], validation_data=cut, epochs=5, batch_size=4, verbose=0)
    return {"model": model, "x": x, "y": y, "validation_data": held_out, "history": history}


def mended(seed: int = 0) -> dict[str, Any]:
    """The doctor's mends: only the first 5 steps of each pulse are labelled, and padding "same"."""
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    (x, y), held_out = recordings(16, rng, first=5), recordings(4, rng, first=5)
    model = network("same")
    history = model.fit(x, y, validation_data=held_out, epochs=40, batch_size=4, verbose=0)
    return {"model": model, "x": x, "y": y, "validation_data": held_out, "history": history}


if __name__ == "__main__":
    print(segmend.diagnose(**patient()))
