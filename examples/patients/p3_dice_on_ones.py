"""I use Dice loss, as everybody does for segmentation. Why is my output still 1 everywhere?

My recordings hold 100 pulses, one right after the other, and y is 1 wherever there is a pulse. With binary
cross-entropy the network said 1 everywhere, and I read that Dice is what one takes for unbalanced data. Dice loss goes
to 0, and nothing has changed.
"""

from __future__ import annotations

from typing import Any

import keras
from p1_touching_ones import trained
from p2_wide_kernels import network as wide

import segmend


def network(padding: str = "valid") -> keras.Model:
    """Two convolutions of 31 and 15 taps and a sigmoid, with Dice as the loss."""
    return wide(padding, keras.losses.Dice())


def patient(seed: int = 0) -> dict[str, Any]:
    """What the person would hand to ``segmend.diagnose``."""
    return trained(network, seed, cut=44, epochs=5)


def mended(seed: int = 0) -> dict[str, Any]:
    """The doctor's mends: only the first 5 steps of each pulse are labelled, and padding "same"."""
    return trained(lambda: network("same"), seed, cut=0, epochs=40, first=5)


if __name__ == "__main__":
    print(segmend.diagnose(**patient()))
