"""I made the kernels wide, and my network still answers 1 everywhere. Are they too wide?

Same recordings as before: 100 pulses, one right after the other. Somebody said that kernels of 3 see too little, so I
took 31 and 15. Now I have to cut 44 labels off to make the shapes fit, and the output is still 1 everywhere.
"""

from __future__ import annotations

from typing import Any

import keras
from p1_touching_ones import STEPS, trained

import segmend


def network(padding: str = "valid", loss: Any = "binary_crossentropy") -> keras.Model:
    """Two convolutions of 31 and 15 taps and a sigmoid."""
    model = keras.Sequential(
        [
            keras.Input((STEPS, 1)),
            keras.layers.Conv1D(32, 31, activation="relu", padding=padding),
            keras.layers.Conv1D(1, 15, activation="sigmoid", padding=padding),
        ]
    )
    model.compile("adam", loss, metrics=["accuracy"])
    return model


def patient(seed: int = 0) -> dict[str, Any]:
    """What the person would hand to ``segmend.diagnose``."""
    return trained(network, seed, cut=44, epochs=5)


def mended(seed: int = 0) -> dict[str, Any]:
    """The doctor's mends: a gap of 3 steps between pulses in the labels, and padding "same"."""
    return trained(lambda: network("same"), seed, cut=0, epochs=40, gap=3)


if __name__ == "__main__":
    print(segmend.diagnose(**patient()))
