"""Touching objects, told apart where something between them is low; compiled, imported when it is used."""

from __future__ import annotations

import numba
import numpy as np

from segmend.core.types import BoolArray, FloatArray, IntArray


def basins(height: FloatArray, inside: BoolArray, *, depth: float = 0.0, distance: float = 0.0) -> IntArray:
    """The catchments of the peaks of a landscape (the watershed transform of its negative, with peaks merged).

    Pixels are taken from the highest down. One without a neighbour that was taken before begins a basin; any other
    joins the basin of its highest neighbour. Where two basins meet they become one if the lower peak rises at most
    ``depth`` above that pass (its dynamics; so the peaks that stay are the h-maxima) or if their peaks are nearer than
    ``distance``.

    Args:
        height: shape (height, width).
        inside: True where pixels belong to an object, shape (height, width).
        depth: in units of ``height``; infinity gives the connected components (of pixels that share a side).
        distance: between two peaks, in pixels.

    Returns:
        int32 of shape (height, width): 0 outside, else numbers from 1 in the order of their first pixels.

    Source:
        Grimaud 1992, "New measure of contrast: the dynamics"; Meyer and Beucher 1990, "Morphological segmentation".

    Examples:
        >>> line = np.array([[1.0, 3.0, 2.0, 2.5, 0.0]])
        >>> basins(line, line > 0)[0].tolist(), basins(line, line > 0, depth=0.5)[0].tolist()
        ([1, 1, 1, 2, 0], [1, 1, 1, 1, 0])
    """
    flat = np.flatnonzero(inside)
    level = np.ascontiguousarray(height, np.float64).reshape(-1)
    order = flat[np.argsort(-level[flat], kind="stable")]
    found: IntArray = _flooded(order, level, inside.shape[0], inside.shape[1], float(depth), float(distance))
    return found


@numba.njit(cache=True, nogil=True)
def root(parent: IntArray, number: int) -> int:
    """The number that a set of merged numbers goes by; paths are halved on the way."""
    while parent[number] != number:
        parent[number] = parent[parent[number]]
        number = parent[number]
    return number


@numba.njit(cache=True, nogil=True)
def neighbours(near: IntArray, pixel: int, rows: int, columns: int) -> None:
    """Write the four neighbours of a pixel, -1 beyond the image."""
    row, column = pixel // columns, pixel % columns
    near[0] = pixel - columns if row > 0 else -1
    near[1] = pixel - 1 if column > 0 else -1
    near[2] = pixel + 1 if column < columns - 1 else -1
    near[3] = pixel + columns if row < rows - 1 else -1


@numba.njit(cache=True, nogil=True)
def _are_near(one: int, other: int, columns: int, distance: float) -> bool:
    down, across = one // columns - other // columns, one % columns - other % columns
    return down * down + across * across < distance * distance


@numba.njit(cache=True, nogil=True)
def _numbered(label: IntArray, parent: IntArray, count: int) -> None:
    """Number basins from 1 in the order of their first pixels, in place."""
    number = np.zeros(count + 1, np.int32)
    last = 0
    for pixel in range(label.size):
        if label[pixel]:
            top = root(parent, label[pixel])
            if not number[top]:
                last += 1
                number[top] = last
            label[pixel] = number[top]


@numba.njit(cache=True, nogil=True)
def _flooded(order: IntArray, level: FloatArray, rows: int, columns: int, depth: float, distance: float) -> IntArray:
    """Numbers of basins from the pixels in falling order of height."""
    label = np.zeros(rows * columns, np.int32)
    parent = np.zeros(order.size + 1, np.int64)
    peak = np.zeros(order.size + 1, np.int64)  # the pixel of each basin's peak
    count = 0
    near = np.empty(4, np.int64)
    for pixel in order:
        neighbours(near, pixel, rows, columns)
        highest, own = -np.inf, 0
        for other in near:
            if other >= 0 and label[other] and level[other] > highest:
                highest, own = level[other], label[other]
        if not own:
            count += 1
            parent[count], peak[count], own = count, pixel, count
        label[pixel] = own
        for other in near:
            if other >= 0 and label[other]:
                one, two = root(parent, own), root(parent, label[other])
                low, high = max(one, two), min(one, two)  # basins are numbered in falling order of their peaks
                shallow = level[peak[low]] - level[pixel] <= depth
                if low != high and (shallow or _are_near(peak[low], peak[high], columns, distance)):
                    parent[low] = high
    _numbered(label, parent, count)
    return label.reshape(rows, columns)
