"""Outlines of the objects of an image, as closed lines of few points."""

from __future__ import annotations

import numpy as np

from segmend.core.types import FloatArray, IntArray

TOLERANCE = 0.45
"""Pixels by which a simplified outline may miss the exact one."""


def outlines(numbers: IntArray, tolerance: float = TOLERANCE) -> dict[int, list[FloatArray]]:
    """The closed borders of each object: its outside, and its holes.

    Borders run through the middles of pixel sides, so that a slanted border is a straight line and not a staircase.

    Args:
        numbers: number of the object at each pixel, 0 for none, shape (height, width).
        tolerance: pixels by which points may be left out of a line.

    Returns:
        By object number, one array of (x, y) in pixels per border, shape (points, 2), without the first point again.

    Examples:
        >>> outlines(np.array([[0, 0, 0], [0, 7, 0], [0, 0, 0]]))[7][0].tolist()
        [[1.5, 1.0], [2.0, 1.5], [1.5, 2.0], [1.0, 1.5]]
    """
    owner, start, stop = _sides(np.asarray(numbers))
    width = numbers.shape[1] + 1
    ends = np.stack([start, stop])
    middle = np.stack([ends % width, ends // width], axis=-1).mean(axis=0)
    found: dict[int, list[FloatArray]] = {}
    for cycle in _cycles(owner, start, stop):
        found.setdefault(int(owner[cycle[0]]), []).append(simplified(middle[cycle], tolerance))
    return found


def _sides(numbers: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Pixel sides at which an object ends, each running clockwise around it: its owner and the corners it joins."""
    height, width = numbers.shape
    framed = np.pad(numbers, 1)
    corner = np.arange((height + 1) * (width + 1)).reshape(height + 1, width + 1)
    a, b, c, d = corner[:-1, :-1], corner[:-1, 1:], corner[1:, 1:], corner[1:, :-1]
    above, right, below, left = framed[:-2, 1:-1], framed[1:-1, 2:], framed[2:, 1:-1], framed[1:-1, :-2]
    parts = []
    for beside, start, stop in ((above, a, b), (right, b, c), (below, c, d), (left, d, a)):
        ends = (numbers > 0) & (beside != numbers)
        parts.append((numbers[ends], start[ends], stop[ends]))
    owner, start, stop = (np.concatenate(column) for column in zip(*parts, strict=True))
    return owner, start, stop


def _cycles(owner: IntArray, start: IntArray, stop: IntArray) -> list[list[int]]:
    """Sides in the order of their lines; at each corner as many sides of an object end as begin, so orders match."""
    following = np.empty(owner.size, np.int64)
    following[np.lexsort((stop, owner))] = np.lexsort((start, owner))
    after = following.tolist()
    seen = bytearray(len(after))
    cycles = []
    for first in range(len(after)):
        cycle, side = [], first
        while not seen[side]:
            seen[side] = 1
            cycle.append(side)
            side = after[side]
        if cycle:
            cycles.append(cycle)
    return cycles


def simplified(points: FloatArray, tolerance: float) -> FloatArray:
    """A closed line with fewer points, none of those left out further than ``tolerance`` away (Douglas and Peucker).

    >>> simplified(np.array([[0.0, 0], [1, 0], [2, 0], [2, 2], [0, 2]]), 0.1).tolist()
    [[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]]
    """
    if len(points) < 5:
        return points
    far = int(np.argmax(np.sum((points - points[0]) ** 2, axis=1)))
    closed = np.concatenate([points, points[:1]])
    keep = np.zeros(len(closed), bool)
    keep[[0, far]] = True
    stack = [(0, far), (far, len(points))]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        inner = closed[first + 1 : last]
        distance = _distance(inner, closed[first], closed[last])
        worst = int(np.argmax(distance))
        if distance[worst] > tolerance:
            split = first + 1 + worst
            keep[split] = True
            stack += [(first, split), (split, last)]
    return points[keep[:-1]]


def _distance(points: FloatArray, start: FloatArray, stop: FloatArray) -> FloatArray:
    """Distance of points from the line through two others."""
    along, away = stop - start, points - start
    length = float(np.hypot(*along))
    if length == 0:
        return np.asarray(np.hypot(away[:, 0], away[:, 1]))
    return np.asarray(np.abs(along[0] * away[:, 1] - along[1] * away[:, 0]) / length)


def path(borders: list[FloatArray], unit: float) -> str:
    """Borders as the ``d`` of an SVG path, in whole numbers of 1 / ``unit`` pixels.

    >>> path([np.array([[1.5, 1.0], [2.0, 1.5], [1.5, 2.0]])], 10)
    'M15 10l5 5-5 5z'
    """
    return "".join(_closed(np.rint(border * unit).astype(np.int64)) for border in borders)


def _closed(points: IntArray) -> str:
    moves = np.diff(points, axis=0)
    moves = moves[(moves != 0).any(axis=1)]
    text = f"M{points[0, 0]} {points[0, 1]}l" + " ".join(f"{x} {y}" for x, y in moves.tolist())
    return text.replace(" -", "-") + "z"
