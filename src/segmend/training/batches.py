"""Batches of windows for ``Model.fit``, cut from recordings that may be memory maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.types import FloatArray, IntArray
from segmend.training.windows import WindowIndex


@dataclass(frozen=True, slots=True)
class Variation:
    """Label-keeping changes of a window.

    Attributes:
        scale: standard deviation of the logarithm of a random factor, for the window and for each channel, by which
            the signal moves away from ``centre``; channels are shifted by a third of it times ``unit``.
        noise: highest standard deviation of white noise, in ``unit``.
        centre: mean of each channel, shape (channels,).
        unit: standard deviation of each channel, shape (channels,).
    """

    scale: float
    noise: float
    centre: FloatArray
    unit: FloatArray


class WindowBatches(keras.utils.PyDataset):
    """Random windows of recordings: ``(x (batch, length, channels), y (batch, length))``.

    Each batch has its own random generator, made from seed, epoch and number, so that threads change nothing. A
    recording shorter than a window is continued by its last step, with labels -1.

    Args:
        signals: one array (steps, channels) per recording; slices are read, so memory maps stay on disk.
        y_true: one array (steps,) per recording; -1 is not judged.
        index: draws the windows.
        batch_size: windows in a batch.
        steps: batches in an epoch; ``fit`` may change it before training.
        seed: of the windows and variations.
        variation: changes each window, or None.
        workers: threads that cut windows.

    Examples:
        >>> y_true = [np.array([0, 0, 1, 1, 0])]
        >>> batches = WindowBatches([np.zeros((5, 2))], y_true, WindowIndex(y_true, length=4), batch_size=3, steps=2)
        >>> x, y = batches[0]
        >>> x.shape, y.shape, len(batches)
        ((3, 4, 2), (3, 4), 2)
    """

    def __init__(
        self,
        signals: Sequence[FloatArray],
        y_true: Sequence[IntArray],
        index: WindowIndex,
        *,
        batch_size: int,
        steps: int = 1,
        seed: int = 0,
        variation: Variation | None = None,
        workers: int = 1,
    ) -> None:
        super().__init__(workers=workers, use_multiprocessing=False, max_queue_size=4)
        self.signals, self.y_true, self.index = signals, y_true, index
        self.batch_size, self.steps, self.seed, self.variation = batch_size, steps, seed, variation
        self.epoch = 0

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, number: int) -> tuple[FloatArray, IntArray]:
        rng = np.random.default_rng([self.seed, self.epoch, number])
        channels = self.signals[0].shape[1]
        x = np.empty((self.batch_size, self.index.length, channels), np.float32)
        y = np.full((self.batch_size, self.index.length), IGNORE, np.int32)
        for row in range(self.batch_size):
            recording, first = self.index.draw(rng)
            part = np.asarray(self.signals[recording][first : first + self.index.length], np.float32)
            x[row, : len(part)] = part
            x[row, len(part) :] = part[-1]
            y[row, : len(part)] = self.y_true[recording][first : first + self.index.length]
        return (x if self.variation is None else vary(x, self.variation, rng)), y

    def on_epoch_end(self) -> None:
        """The next epoch draws other windows."""
        self.epoch += 1


def vary(x: FloatArray, variation: Variation, rng: np.random.Generator) -> FloatArray:
    """Windows with random amplitude, offset and noise; (batch, length, channels) in and out."""
    batch, _, channels = x.shape
    centre, unit = variation.centre.astype(np.float32), variation.unit.astype(np.float32)
    gain = rng.normal(0, variation.scale, (batch, 1, 1)) + rng.normal(0, variation.scale, (batch, 1, channels))
    offset = rng.normal(0, variation.scale / 3, (batch, 1, channels)) * unit
    level = rng.uniform(0, variation.noise, (batch, 1, 1)) * unit
    noise = rng.standard_normal(x.shape, dtype=np.float32) * level.astype(np.float32)
    varied: FloatArray = (centre + (x - centre) * np.exp(gain) + offset + noise).astype(np.float32)
    return varied
