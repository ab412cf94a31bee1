"""Recordings of any length through a model that sees a window, in constant memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from segmend.core.types import FloatArray
from segmend.errors import InputError


def predict(
    predict_window: Callable[[FloatArray], FloatArray],
    recording: FloatArray,
    window: int,
    hop: int,
    *,
    batch: int = 8,
    align: int = 1,
    out: Callable[[tuple[int, ...]], FloatArray] | None = None,
) -> FloatArray:
    """Predict a recording tile by tile and keep the middle of each tile.

    Where half of ``window - hop`` is at least half the model's receptive field, each kept step has seen all that it
    would have seen in one pass over the recording; only near the recording's two ends may it differ. A recording is
    continued by its last step to fill the last tile.

    Args:
        predict_window: (rows, window, channels) to (rows, window, classes); rows is ``batch``, or 1 where a recording
            has fewer tiles than that, so that no more than two shapes are ever compiled.
        recording: shape (steps, channels); may be a memory map, of which slices are read.
        window: length of a tile in steps.
        hop: steps from tile to tile, and so the steps kept of each inner tile.
        batch: tiles in one call.
        align: tiles begin at multiples of this number: the product of the model's strides.
        out: given the shape (steps, classes), an array to write to, such as a memory map; by default memory.

    Returns:
        Float array of shape (steps, classes).

    Raises:
        InputError: the hop is longer than the window, or does not fit ``align``.

    Examples:
        >>> double = lambda tiles: 2 * tiles
        >>> predict(double, np.arange(5.0)[:, None], window=4, hop=2)[:, 0].tolist()
        [0.0, 2.0, 4.0, 6.0, 8.0]
    """
    margin = (window - hop) // 2
    if not 0 < hop <= window or hop % align or margin % align:
        raise InputError(
            f"tiling: expected a hop from 1 to the window ({window}), with hop and half the overlap multiples of "
            f"{align}. Received hop {hop}"
        )
    steps = recording.shape[0]
    allocate = out or (lambda shape: np.empty(shape, np.float32))
    whole: FloatArray | None = None
    every = tile_starts(steps, window, hop, align)
    rows = batch if len(every) >= batch else 1
    for starts in _batches(every, rows):
        predicted = predict_window(_read(recording, starts, window, rows))
        if whole is None:
            whole = allocate((steps, *predicted.shape[2:]))
        for start, tile in zip(starts, predicted, strict=False):
            first = 0 if start == 0 else start + margin
            whole[first : start + window] = tile[first - start : steps - start]
    assert whole is not None
    return whole


def tile_starts(steps: int, window: int, hop: int, align: int = 1) -> list[int]:
    """Where tiles begin: every ``hop`` steps, the last one so that it just covers the end.

    Each tile's kept part is overwritten by the next tile from that one's margin on.

    Examples:
        >>> tile_starts(10, window=4, hop=2), tile_starts(3, window=4, hop=2)
        ([0, 2, 4, 6], [0])
    """
    last = max(0, -(-(steps - window) // align) * align)
    return [*range(0, last, hop), last]


def _batches(starts: list[int], size: int) -> Iterator[list[int]]:
    for first in range(0, len(starts), size):
        yield starts[first : first + size]


def _read(recording: FloatArray, starts: list[int], window: int, batch: int) -> Any:
    """A full batch of tiles; rows beyond the last tile are zeros, so that shapes never change."""
    tiles = np.zeros((batch, window, *recording.shape[1:]), np.float32)
    for row, start in enumerate(starts):
        part = np.asarray(recording[start : start + window], np.float32)
        tiles[row, : len(part)] = part
        tiles[row, len(part) :] = part[-1] if len(part) else 0
    return tiles
