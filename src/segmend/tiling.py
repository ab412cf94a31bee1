"""Recordings and images of any size through a model that sees a window, in constant memory."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from segmend.core.types import FloatArray
from segmend.errors import InputError

Extent = int | Sequence[int]
"""One number for all spatial axes, or one for each."""


def predict(
    predict_window: Callable[[FloatArray], FloatArray],
    recording: FloatArray,
    window: Extent,
    hop: Extent,
    *,
    batch: int = 8,
    align: Extent = 1,
    out: Callable[[tuple[int, ...]], FloatArray] | None = None,
) -> FloatArray:
    """Predict a recording tile by tile and keep the middle of each tile.

    Where half of ``window - hop`` is at least half the model's receptive field, each kept step has seen all that it
    would have seen in one pass over the recording; only near the recording's ends may it differ. A recording is
    continued by its last step along each axis to fill the last tile, and what is predicted there is cut off.

    Args:
        predict_window: (rows, *window, channels) to (rows, *window, classes); rows is ``batch``, or 1 where a recording
            has fewer tiles than that, so that no more than two shapes are ever compiled.
        recording: shape (*spatial, channels); may be a memory map or be decoded when it is asked for: slices are read.
        window: length of a tile along each spatial axis.
        hop: steps from tile to tile, and so the steps kept of each inner tile.
        batch: tiles in one call.
        align: tiles begin at multiples of this number: the product of the model's strides.
        out: given the shape (*spatial, classes), an array to write to, such as a memory map; by default memory.

    Returns:
        Float array of shape (*spatial, classes).

    Raises:
        InputError: the hop is longer than the window, or does not fit ``align``; or the recording is empty.

    Examples:
        >>> double = lambda tiles: 2 * tiles
        >>> predict(double, np.arange(5.0)[:, None], window=4, hop=2)[:, 0].tolist()
        [0.0, 2.0, 4.0, 6.0, 8.0]
        >>> predict(double, np.arange(6.0).reshape(2, 3, 1), window=2, hop=2)[..., 0].tolist()
        [[0.0, 2.0, 4.0], [6.0, 8.0, 10.0]]
    """
    size = recording.shape[:-1] or recording.shape
    windows, hops, aligns = (each_axis(value, len(size)) for value in (window, hop, align))
    margins = tuple(_margin(*each) for each in zip(windows, hops, aligns, strict=True))
    allocate = out or (lambda shape: np.empty(shape, np.float32))
    whole: FloatArray | None = None
    every = tile_corners(size, windows, hops, aligns)
    rows = batch if len(every) >= batch else 1
    for corners in _batches(every, rows):
        predicted = predict_window(read_tiles(recording, corners, windows, rows))
        if whole is None:
            whole = allocate((*size, *predicted.shape[1 + len(size) :]))
        for corner, tile in zip(corners, predicted, strict=False):
            first = [start + margin if start else 0 for start, margin in zip(corner, margins, strict=True)]
            stop = [min(start + length, end) for start, length, end in zip(corner, windows, size, strict=True)]
            whole[_box(first, stop)] = tile[_box(np.subtract(first, corner), np.subtract(stop, corner))]
    if whole is None:
        raise InputError(f"tiling: expected at least one step along each axis. Received shape {recording.shape}")
    return whole


def tile_starts(steps: int, window: int, hop: int, align: int = 1) -> list[int]:
    """Where tiles begin along one axis: every ``hop`` steps, the last one so that it just covers the end.

    Each tile's kept part is overwritten by the next tile from that one's margin on.

    Examples:
        >>> tile_starts(10, window=4, hop=2), tile_starts(3, window=4, hop=2)
        ([0, 2, 4, 6], [0])
    """
    last = max(0, -(-(steps - window) // align) * align)
    return [*range(0, last, hop), last]


def tile_corners(
    size: Sequence[int], window: Sequence[int], hop: Sequence[int], align: Sequence[int]
) -> list[tuple[int, ...]]:
    """The first step of each tile along every axis, the last axis running fastest; none of an empty recording.

    Examples:
        >>> tile_corners((4, 6), (4, 4), (2, 2), (1, 1))
        [(0, 0), (0, 2)]
    """
    if 0 in size:
        return []
    return list(itertools.product(*(tile_starts(*each) for each in zip(size, window, hop, align, strict=True))))


def read_tiles(recording: FloatArray, corners: Sequence[Sequence[int]], window: Sequence[int], rows: int) -> FloatArray:
    """Tiles of a recording, continued by its last steps where they reach beyond it.

    Args:
        recording: shape (*spatial, channels), at least one step along each axis.
        corners: first step of each tile along every axis.
        window: length of a tile along every axis.
        rows: tiles that come out; those beyond the last corner are zeros, so that shapes never change.

    Returns:
        float32 of shape (rows, *window, channels).
    """
    tiles = np.zeros((rows, *window, *recording.shape[len(window) :]), np.float32)
    for row, corner in enumerate(corners):
        part = np.asarray(recording[_box(corner, np.add(corner, window))], np.float32)
        missing = [(0, length - there) for length, there in zip(window, part.shape, strict=False)]
        if any(after for _, after in missing):
            part = np.pad(part, missing + [(0, 0)] * (part.ndim - len(window)), mode="edge")
        tiles[row] = part
    return tiles


def each_axis(value: Extent, rank: int) -> tuple[int, ...]:
    """One number for each spatial axis.

    Raises:
        InputError: the number of numbers is not the rank.

    Examples:
        >>> each_axis(8, 2), each_axis([8, 4], 2)
        ((8, 8), (8, 4))
    """
    numbers = (value,) * rank if isinstance(value, int | np.integer) else tuple(value)
    if len(numbers) != rank:
        raise InputError(f"tiling: expected one number, or one for each of {rank} spatial axes. Received {value}")
    return tuple(int(number) for number in numbers)


def _margin(window: int, hop: int, align: int) -> int:
    """Steps at both ends of a tile that another one gives."""
    margin = (window - hop) // 2
    if not 0 < hop <= window or hop % align or margin % align:
        raise InputError(
            f"tiling: expected a hop from 1 to the window ({window}), with hop and half the overlap multiples of "
            f"{align}. Received hop {hop}"
        )
    return margin


def _batches(corners: list[tuple[int, ...]], size: int) -> Iterator[list[tuple[int, ...]]]:
    for first in range(0, len(corners), size):
        yield corners[first : first + size]


def _box(first: Sequence[int] | Any, stop: Sequence[int] | Any) -> tuple[slice, ...]:
    return tuple(slice(int(a), int(b)) for a, b in zip(first, stop, strict=True))
