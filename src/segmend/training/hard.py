"""What looks at how wrong the model is, so that hard windows are drawn more often."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np

from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.training.batches import WindowBatches
from segmend.training.compiled import compiled
from segmend.training.states import State

SHARE = 0.1
"""Windows looked at after an epoch, for each one trained on in it: a few per cent of the epoch's time."""


class HardWindows(keras.callbacks.Callback):
    """After an epoch, take the loss of the model as it now is in some tiles, and hand it to the index of windows.

    Tiles are looked at in turn, in one random order, so that all of them have been seen when as many windows as there
    are tiles have been; as they are, not augmented. A loss that changes over epochs is taken as it is at first.

    Args:
        model: compiled; its loss is taken, of each window by itself.
        batches: windows drawn by an index with a share of hard ones.
        share: windows looked at for each window trained on, above 0.
        every: look after every so many epochs.

    Raises:
        InputError: the index draws no hard windows, or an argument is out of range.
    """

    def __init__(self, model: Any, batches: WindowBatches, *, share: float = SHARE, every: int = 1) -> None:
        super().__init__()
        tiles = batches.index.tiles
        if tiles is None:
            raise InputError("batches: expected an index with a share of hard windows. Received hard 0")
        if share <= 0 or every < 1:
            raise InputError(f"share, every: expected above 0 and at least 1. Received {share:g} and {every}")
        self.looks_with, self.batches, self.tiles, self.share, self.every = model, batches, tiles, share, every
        self.order = np.random.default_rng([batches.seed, len(tiles)]).permutation(len(tiles))
        self.seen = 0
        self._each = compiled(self._loss_of_each)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Look, in every so many epochs."""
        if (epoch + 1) % self.every == 0:
            self.measure()

    def measure(self) -> None:
        """Look at the next tiles, in whole batches, at least one and none twice."""
        size = self.batches.batch_size
        least = math.ceil(self.share * self.batches.steps * self.every)
        for _ in range(min(least, math.ceil(len(self.tiles) / size))):
            at = self.order[np.arange(self.seen, self.seen + size) % len(self.tiles)]
            self.seen = (self.seen + size) % len(self.tiles)
            self.tiles.update(at, self.loss(*self.batches.cut(self.tiles.recording[at], self.tiles.first[at])))

    def get_state(self) -> State:
        """How wrong the model was in each tile, and which are next."""
        return {"error": self.tiles.error.copy(), "seen": self.seen}

    def set_state(self, state: State) -> None:
        """Go on looking from there."""
        self.seen = state["seen"]
        self.tiles.update(np.arange(len(self.tiles)), state["error"])

    def loss(self, x: FloatArray, y: Any) -> FloatArray:
        """The model's loss of each window by itself, shape (windows,)."""
        return np.asarray(self._each(y, self.looks_with.predict_on_batch(x)), np.float64)

    def _loss_of_each(self, y_true: Any, y_pred: Any) -> Any:
        return keras.ops.vectorized_map(
            lambda pair: self.looks_with.loss(pair[0][None], pair[1][None]),
            (keras.ops.convert_to_tensor(y_true), keras.ops.convert_to_tensor(y_pred)),
        )
