"""Run lengths of masks, as COCO writes them: column by column, beginning with what is not part of the object."""

from __future__ import annotations

import numpy as np

from segmend.core.types import BoolArray, IntArray

FIRST, MORE, SIGN, BITS = 48, 0x20, 0x10, 5
"""Character of the number 0; of each character's six bits, whether more follow, the sign in the last, and the rest."""

LONGEST = 7
"""Characters that the length of a run takes at most (35 bits)."""


def runs_of(mask: BoolArray) -> IntArray:
    """The run lengths of a mask (height, width).

    Examples:
        >>> runs_of(np.array([[0, 1, 1], [0, 0, 1]], bool)).tolist()
        [2, 1, 1, 2]
    """
    flat = np.asarray(mask, bool).ravel(order="F")
    edges = np.flatnonzero(np.diff(flat, prepend=False, append=False)) if flat.size else np.empty(0, np.int64)
    runs = np.diff(edges, prepend=0, append=flat.size)
    return runs[:-1] if len(runs) > 1 and not runs[-1] else runs


def mask_of(runs: IntArray, shape: tuple[int, int]) -> BoolArray:
    """The mask that run lengths stand for, shape (height, width).

    Examples:
        >>> mask_of(np.array([2, 1, 1, 2]), (2, 3)).astype(int).tolist()
        [[0, 1, 1], [0, 0, 1]]
    """
    flat = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
    return flat.reshape(shape, order="F")


def packed(runs: IntArray) -> str:
    """Run lengths as COCO's compressed text: from the fourth on, differences to the last but one of their kind.

    Examples:
        >>> packed(np.array([2, 1, 1, 2]))
        '2111'
    """
    values = np.asarray(runs, np.int64).copy()
    values[3:] -= np.asarray(runs, np.int64)[1:-2]
    pieces = values[:, None] >> (BITS * np.arange(LONGEST))
    low = pieces & (2**BITS - 1)
    sign = np.where(low & SIGN, -1, 0)
    ends = (pieces >> BITS) == sign
    last = np.argmax(ends, axis=1)
    more = np.arange(LONGEST) < last[:, None]
    used = np.arange(LONGEST) <= last[:, None]
    return ((low | np.where(more, MORE, 0)) + FIRST)[used].astype(np.uint8).tobytes().decode("ascii")


def unpacked(text: str) -> IntArray:
    """The run lengths of COCO's compressed text.

    Raises:
        ValueError: other characters, or a number that does not end.

    Examples:
        >>> unpacked("2111").tolist()
        [2, 1, 1, 2]
    """
    if not text:
        return np.empty(0, np.int64)
    codes = np.frombuffer(text.encode(), np.uint8).astype(np.int64) - FIRST
    more = (codes & MORE) != 0
    if ((codes < 0) | (codes >= 2 * MORE)).any() or more[-1]:
        raise ValueError("characters that are no compressed run lengths")
    first = np.append(True, ~more[:-1])
    starts, number = np.flatnonzero(first), np.cumsum(first) - 1
    place = np.arange(codes.size) - starts[number]
    if (place >= LONGEST).any():
        raise ValueError("run lengths beyond 35 bits")
    values = np.zeros(len(starts), np.int64)
    np.add.at(values, number, (codes & (MORE - 1)) << (BITS * place))
    ends = np.append(starts[1:], codes.size) - 1
    values -= np.where(codes[ends] & SIGN, np.int64(1) << (BITS * (place[ends] + 1)), 0)
    values[1::2] = np.cumsum(values[1::2])
    values[2::2] = np.cumsum(values[2::2])
    return values
