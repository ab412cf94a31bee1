"""How long the hills of a landscape last as the water falls; compiled, imported when it is used."""

from __future__ import annotations

import numba
import numpy as np

from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.decoding.basins import neighbours, root


def deaths(height: FloatArray, inside: BoolArray) -> IntArray:
    """Where each component of the superlevel sets ends (their persistent homology of dimension 0).

    As the level falls, a component is born at a peak; where two meet, the one whose peak is lower dies at that pass.
    Steps that share a side are neighbours. Equal heights are taken in the order of their steps, and what dies at the
    height of its birth is no component.

    Args:
        height: landscapes, shape (landscapes, rows, columns); signals have one row.
        inside: False where a landscape is cut, shape (landscapes, rows, columns).

    Returns:
        int32 of shape (landscapes, rows * columns): at each peak the index of the step at which its component dies,
        or rows * columns where it never does; -1 elsewhere.

    Source:
        Edelsbrunner, Letscher and Zomorodian 2002, "Topological persistence and simplification".

    Examples:
        >>> line = np.array([[[0.1, 0.9, 0.4, 0.6, 0.0]]])
        >>> deaths(line, line >= 0)
        array([[-1,  5, -1,  2, -1]], dtype=int32)
    """
    count, rows, columns = height.shape
    level = np.where(inside, height, -np.inf).reshape(count, rows * columns)
    order = np.argsort(-level, axis=1, kind="stable")
    found: IntArray = _deaths(order, level, rows, columns)
    return found


@numba.njit(cache=True, nogil=True)
def _deaths(order: IntArray, level: FloatArray, rows: int, columns: int) -> IntArray:
    count, size = level.shape
    death = np.full((count, size), -1, np.int32)
    parent = np.empty(size, np.int64)
    near = np.empty(4, np.int64)
    for k in range(count):
        parent[:] = -1  # a step that was not taken yet
        for step in order[k]:
            if level[k, step] == -np.inf:
                break
            parent[step] = step
            death[k, step] = size
            neighbours(near, step, rows, columns)
            for other in near:
                if other >= 0 and parent[other] >= 0:
                    _meet(death[k], level[k], parent, step, other)
    return death


@numba.njit(cache=True, nogil=True)
def _meet(death: IntArray, level: FloatArray, parent: IntArray, step: int, other: int) -> None:
    """Join the components of a step and of a neighbour that was taken before; each goes by its peak."""
    one, two = root(parent, step), root(parent, other)
    if one == two:
        return
    step_is_younger = level[one] < level[two] or (level[one] == level[two] and one > two)
    low, high = (one, two) if step_is_younger else (two, one)
    parent[low] = high
    death[low] = step if level[low] > level[step] else -1
