"""Where labels change, and how far away that is."""

from __future__ import annotations

from typing import Any

from keras import ops


def steps_to_transition(y_true: Any, valid: Any, *, furthest: int) -> Any:
    """Steps from each step to the nearest one beside a change of label, added up over the axes, at most ``furthest``.

    The distance is found by doubling: after k rounds it is right up to 2^k - 1 steps, so the work grows with the
    logarithm of ``furthest`` and no axis needs a known length.

    Args:
        y_true: labels ``(batch, *spatial, classes)``, one-hot or multi-hot.
        valid: 1 where a step is judged, ``(batch, *spatial)``; a change beside an ignored step is none.
        furthest: distances from here on are not told apart.

    Returns:
        float32, ``(batch, *spatial)``; 0 on both steps beside a change.

    Examples:
        >>> import numpy as np
        >>> y_true = np.eye(2, dtype="float32")[[[0, 0, 0, 1, 1, 1, 1]]]
        >>> np.asarray(steps_to_transition(y_true, np.ones((1, 7), "float32"), furthest=3)).tolist()
        [[2.0, 1.0, 0.0, 0.0, 1.0, 2.0, 3.0]]
    """
    axes = range(1, len(valid.shape))
    beside = ops.zeros_like(valid)
    for axis in axes:
        beside = ops.maximum(beside, _beside_change(y_true, valid, axis))
    distance = (1.0 - beside) * furthest
    for axis in axes:
        distance = ops.minimum(_spread(distance, axis, 1, furthest), _spread(distance, axis, -1, furthest))
    return distance


def _beside_change(y_true: Any, valid: Any, axis: int) -> Any:
    """1 on both steps of every change along an axis, else 0."""
    # A sum, for an axis of one step has no change, and the maximum of nothing is refused by some backends.
    differs = ops.cast(ops.sum(ops.abs(_from(y_true, axis, 1) - _to(y_true, axis, 1)), axis=-1) > 0.5, "float32")
    change = differs * _from(valid, axis, 1) * _to(valid, axis, 1)
    return ops.maximum(_pad(change, axis, 1, 0.0, before=True), _pad(change, axis, 1, 0.0, before=False))


def _spread(distance: Any, axis: int, way: int, furthest: int) -> Any:
    """The distance after every step may be reached from those before it (``way`` 1) or behind it (-1)."""
    reach = 1
    while reach < furthest:
        if way > 0:
            moved = _to(_pad(distance, axis, reach, furthest, before=True), axis, reach)
        else:
            moved = _from(_pad(distance, axis, reach, furthest, before=False), axis, reach)
        distance = ops.minimum(distance, moved + reach)
        reach *= 2
    return distance


def _from(values: Any, axis: int, start: int) -> Any:
    return values[(slice(None),) * axis + (slice(start, None),)]


def _to(values: Any, axis: int, left_out: int) -> Any:
    return values[(slice(None),) * axis + (slice(None, -left_out),)]


def _pad(values: Any, axis: int, width: int, fill: float, *, before: bool) -> Any:
    widths = [(0, 0)] * len(values.shape)
    widths[axis] = (width, 0) if before else (0, width)
    return ops.pad(values, widths, constant_values=fill)
