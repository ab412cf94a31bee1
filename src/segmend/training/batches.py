"""Batches of windows for ``Model.fit``, cut from recordings that may be memory maps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import keras
import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.resize import resized
from segmend.core.types import FloatArray, IntArray
from segmend.formats.decoded import Kept
from segmend.training.ahead import Ahead
from segmend.training.anew import Anew
from segmend.training.narrow import narrow
from segmend.training.states import State
from segmend.training.tiles import box
from segmend.training.windows import WindowIndex

ROOM = 2**29
"""Bytes of resized images that are kept together (512 MiB), those that were drawn last."""


class WindowBatches(keras.utils.PyDataset):
    """Random windows of recordings: ``(x (batch, *window, channels), y)``.

    ``y`` is ``(batch, *window)``, with one more axis of classes where labels may overlap; where a whole recording has
    one label, ``(batch,)`` or ``(batch, classes)``; its type is the smallest that holds all classes. Each batch has its
    own random generator, made from seed, epoch and number, so that threads change nothing. A recording shorter than a
    window is continued by its edge, with labels -1.

    Args:
        signals: one array (*spatial, channels) per recording; slices are read, so memory maps stay on disk.
        y_true: the labels that the index was made from.
        index: draws the windows.
        batch_size: windows in a batch.
        steps: batches in an epoch; ``fit`` may change it before training.
        seed: of the windows and transforms.
        augment: transforms, by which each drawn window is changed anew; labels go with it.
        fit: "crop" cuts windows out; "resize" makes each whole image one, which takes images with one label each.
        workers: threads that cut and change windows; 1 leaves that to the thread that trains.

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
        augment: Sequence[Any] = (),
        fit: Literal["crop", "resize"] = "crop",
        workers: int = 1,
    ) -> None:
        super().__init__(workers=1, use_multiprocessing=False)  # threads are our own: see Ahead
        # The array beneath a memory map is sliced without the map's own bookkeeping, and stays on disk all the same.
        self.signals = [np.asarray(each) if isinstance(each, np.ndarray) else each for each in signals]
        self.y_true, self.index = narrow(y_true), index
        self.batch_size, self.steps, self.seed, self.fit = batch_size, steps, seed, fit
        self.small = Kept(ROOM)
        self.anew = Anew(augment) if augment else None
        self.epoch = 0
        self.ahead = Ahead(self._batch, workers) if workers > 1 else None

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, number: int) -> tuple[Any, ...]:
        return self._batch(number) if self.ahead is None else self.ahead.get(number, self.steps)

    def _batch(self, number: int) -> tuple[Any, ...]:
        rng = np.random.default_rng([self.seed, self.epoch, number])
        recording, first = self.index.draw(rng, self.batch_size)
        x, y = self.cut(recording, first)
        return (x, y) if self.anew is None else self.anew(x, y, int(rng.integers(2**31)))

    def cut(self, recording: IntArray, first: IntArray) -> tuple[FloatArray, IntArray]:
        """Windows as they are, by recording (windows,) and first step (windows, axes)."""
        length, rank = self.index.length, self.index.rank
        rows = [(k, box(at, length)) for k, at in zip(recording.tolist(), first.tolist(), strict=True)]
        shape = (len(rows), *(length,) * first.shape[1])
        x = np.empty((*shape, self.signals[0].shape[-1]), np.float32)
        for window, (k, place) in zip(x, rows, strict=True):
            self._read(window, self.signals[k], place)
        if not rank:
            return x, np.stack([self.y_true[k] for k, _ in rows])
        y = np.empty((*shape, *self.y_true[0].shape[rank:]), self.y_true[0].dtype)
        for window, (k, place) in zip(y, rows, strict=True):
            part = self.y_true[k][place]
            if part.shape == window.shape:
                window[:] = part
            else:
                window[:] = IGNORE
                window[tuple(slice(size) for size in part.shape)] = part
        return x, y

    def _read(self, window: FloatArray, signal: FloatArray, place: tuple[slice, ...]) -> None:
        """Fill a window from a signal, or from the whole of an image."""
        if self.fit == "resize":
            window[:] = self.small.get(signal, lambda: resized(signal[:], window.shape[:-1]))
            return
        part = np.asarray(signal[place])
        if part.shape != window.shape:
            short = [(0, want - have) for want, have in zip(window.shape, part.shape, strict=True)]
            part = np.pad(part, short, mode="edge")
        window[:] = part

    def on_epoch_end(self) -> None:
        """The next epoch draws other windows."""
        self.epoch += 1
        if self.ahead is not None:
            self.ahead.forget()

    def get_state(self) -> State:
        """The epoch whose windows come next; all else of a draw follows from it."""
        return {"epoch": self.epoch}

    def set_state(self, state: State) -> None:
        """Draw the windows of that epoch next."""
        self.epoch = state["epoch"]
        if self.ahead is not None:
            self.ahead.forget()
