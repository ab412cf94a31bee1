"""A Keras model that gives one answer per window, over whole recordings and images."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import numpy as np

from segmend import tiling
from segmend.core.resize import resized
from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.prediction.tiled import require_fitting

Fit = Literal["crop", "resize"]
BATCH = 32

FEW = 4
"""Fewer tiles than this part of a batch go through one by one."""


def classify(
    model: Any,
    signal: FloatArray,
    window: tiling.Extent,
    hop: tiling.Extent | None = None,
    *,
    fit: Fit = "crop",
    batch: int = BATCH,
) -> FloatArray:
    """Class probabilities of one recording, shape (classes,); arguments and errors as for ``classify_many``."""
    return classify_many(model, [signal], window, hop, fit=fit, batch=batch)[0]


def classify_many(
    model: Any,
    signals: Sequence[FloatArray],
    window: tiling.Extent,
    hop: tiling.Extent | None = None,
    *,
    fit: Fit = "crop",
    batch: int = BATCH,
) -> list[FloatArray]:
    """Class probabilities of recordings of any sizes: the mean of what the model says of each one's tiles.

    Tiles of all recordings share batches, all of one shape, so that thousands of small images take as many calls as
    they fill batches, and memory holds one batch.

    Args:
        model: Keras model from (batch, *window, channels) to (batch, classes).
        signals: each (*spatial, channels), at least one step; read one slice at a time.
        window: size of what the model sees, one number for all spatial axes or one for each.
        hop: steps from tile to tile; None is the window. The last tile along an axis reaches to the recording's end.
        fit: "crop" cuts tiles out, what is smaller being continued by its edge; "resize" makes the whole recording
            one window.
        batch: windows in one call of the model.

    Returns:
        One float32 array (classes,) per recording.

    Raises:
        InputError: a signal does not fit the model, the hop is not from 1 to the window, or ``fit`` is unknown.
    """
    if fit not in ("crop", "resize"):
        raise InputError(f'fit: expected "crop" or "resize". Received "{fit}"')
    size = tiling.each_axis(window, len(model.input_shape) - 2)
    hops = size if hop is None else tiling.each_axis(hop, len(size))
    if not all(0 < step <= length for step, length in zip(hops, size, strict=True)):
        raise InputError(f"hop: expected from 1 to the window {size}. Received {hops}")
    for signal in signals:
        require_fitting(model, signal)
    return mean_of_tiles(model.predict_on_batch, signals, size, hops, fit=fit, batch=batch)


def mean_of_tiles(
    call: Callable[[FloatArray], Any],
    signals: Sequence[FloatArray],
    size: tuple[int, ...],
    hops: tuple[int, ...],
    *,
    fit: Fit = "crop",
    batch: int = BATCH,
) -> list[FloatArray]:
    """The mean over each recording's tiles of what a function says of (batch, *size, channels).

    Few tiles go through one by one, so that one small recording does not cost a whole batch.
    """
    sums: list[Any] = [0.0] * len(signals)
    count = [1 if fit == "resize" else _tiles_in(signal.shape[:-1], size, hops) for signal in signals]
    rows = batch if FEW * sum(count) >= batch else 1
    for owners, windows in _batches(signals, size, hops, fit, rows):
        for owner, answer in zip(owners, np.asarray(call(windows), np.float64), strict=False):
            sums[owner] = sums[owner] + answer
    return [np.asarray(total / tiles, np.float32) for total, tiles in zip(sums, count, strict=True)]


def _tiles_in(shape: tuple[int, ...], size: tuple[int, ...], hops: tuple[int, ...]) -> int:
    return math.prod(len(tiling.tile_starts(*each)) for each in zip(shape, size, hops, strict=True))


def _batches(
    signals: Sequence[FloatArray], size: tuple[int, ...], hops: tuple[int, ...], fit: Fit, batch: int
) -> Iterator[tuple[list[int], FloatArray]]:
    """Windows of one shape and the number of the recording of each; what the last batch lacks are zeros."""
    owners: list[int] = []
    rows: FloatArray | None = None
    for owner, signal in enumerate(signals):
        for tile in _tiles(signal, size, hops, fit):
            if rows is None:
                rows = np.zeros((batch, *tile.shape), np.float32)
            rows[len(owners)] = tile
            owners.append(owner)
            if len(owners) == batch:
                yield owners, rows
                owners, rows = [], None
    if rows is not None:
        yield owners, rows


def _tiles(signal: FloatArray, size: tuple[int, ...], hops: tuple[int, ...], fit: Fit) -> Iterator[FloatArray]:
    if fit == "resize":
        yield resized(np.asarray(signal[:]), size)
        return
    for corner in tiling.tile_corners(signal.shape[:-1], size, hops, (1,) * len(size)):
        yield tiling.read_tiles(signal, [corner], size, 1)[0]
