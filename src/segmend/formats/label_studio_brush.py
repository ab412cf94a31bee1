"""Masks as Label Studio packs what a brush painted: run lengths of a picture of four bytes a pixel, bit by bit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from segmend.core.types import BoolArray, IntArray

Field: TypeAlias = tuple[IntArray | int, IntArray | int]
"""Numbers, and the bits that each takes."""

CHANNELS, PAINTED = 4, 255

WORD = 8
"""Bits of a value."""

SIZES = np.array([3, 4, 8, 16])
"""Bits that a run length may take, of which the shortest that fits is used."""

LONGEST = 1 << 16

HEAD = 32 + 5 + 4 * len(SIZES)
"""Bits before the runs: how many values, bits of a value, and of each size of a run length."""


def packed(mask: BoolArray) -> list[int]:
    """The bytes that stand for a mask of (height, width), row by row.

    Examples:
        >>> packed(np.array([[True, False]]))
        [0, 0, 0, 8, 57, 27, 252, 127, 241, 128, 0]
    """
    flat = np.asarray(mask, bool).ravel()
    starts = np.flatnonzero(np.diff(flat, prepend=~flat[:1]))
    length = CHANNELS * np.diff(starts, append=flat.size)
    pieces = -(-length // LONGEST)
    last = np.cumsum(pieces) - 1
    run = np.full(int(pieces.sum()), LONGEST)
    run[last] = length - LONGEST * (pieces - 1)
    value = np.repeat(np.where(flat[starts], PAINTED, 0), pieces)
    size = np.searchsorted(1 << SIZES, run)
    fields: list[Field] = [(1, 1), (size, 2), (run - 1, SIZES[size]), (value, WORD)]
    bits = np.concatenate([_head(CHANNELS * flat.size), _bits(fields, len(run))])
    packed_bits: list[int] = np.packbits(bits).tolist()
    return packed_bits


def unpacked(rle: Sequence[int], shape: tuple[int, int]) -> BoolArray:
    """The mask of (height, width) that bytes stand for.

    Raises:
        ValueError: they do not make up an image of that size.

    Examples:
        >>> unpacked([0, 0, 0, 8, 57, 27, 252, 127, 241, 128, 0], (1, 2)).tolist()
        [[True, False]]
    """
    bits = np.unpackbits(np.array(rle, np.uint8))
    place = 0

    def read(size: int) -> int:
        nonlocal place
        place += size
        if place > bits.size:
            raise ValueError("bytes that end too soon")
        return int.from_bytes(np.packbits(np.pad(bits[place - size : place], (-size % 8, 0))).tobytes(), "big")

    count, word = read(32), read(5) + 1
    sizes = [read(4) + 1 for _ in SIZES]
    if count != CHANNELS * shape[0] * shape[1]:
        raise ValueError(f"{count} values")
    values: list[int] = []
    runs: list[int] = []
    left = count
    while left > 0:
        same = read(1)
        length = read(sizes[read(2)]) + 1
        runs += [length] if same else [1] * length
        values += [read(word) for _ in range(1 if same else length)]
        left -= length
    if left:
        raise ValueError("runs that end too late")
    painted = np.repeat(np.array(values, np.int64), runs).reshape(*shape, CHANNELS)
    return np.asarray(painted[..., -1] > 0)


def _head(count: int) -> IntArray:
    fields: list[Field] = [(np.array([count]), 32), (WORD - 1, 5), *((int(size) - 1, 4) for size in SIZES)]
    return _bits(fields, 1)


def _bits(fields: Sequence[Field], rows: int) -> IntArray:
    """The bits of numbers, field by field and row by row, the highest first.

    Args:
        fields: numbers of each row, and how many bits they take.
        rows: number of rows.
    """
    columns, used = [], []
    for number, size in fields:
        most = int(np.max(size))
        shift = np.arange(most)[::-1]
        columns.append((np.broadcast_to(number, rows)[:, None] >> shift) & 1)
        used.append(shift < np.broadcast_to(size, rows)[:, None])
    return np.concatenate(columns, axis=1)[np.concatenate(used, axis=1)].astype(np.uint8)
