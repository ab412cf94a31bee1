"""Where labels change, and how far away that is."""

from __future__ import annotations

from typing import Any

from keras import ops


def steps_to_transition(y_true: Any, valid: Any, *, furthest: int, by_class: bool = False) -> Any:
    """Steps from each step to the nearest one beside a change of label, added up over the axes, at most ``furthest``.

    The distance is found by doubling: after k rounds it is right up to 2^k - 1 steps, so the work grows with the
    logarithm of ``furthest`` and no axis needs a known length.

    Args:
        y_true: labels ``(batch, *spatial, classes)``, one-hot or multi-hot.
        valid: 1 where a step is judged, ``(batch, *spatial)``; a change beside an ignored step is none.
        furthest: distances from here on are not told apart.
        by_class: whether the changes of each class are measured by themselves.

    Returns:
        float32, ``(batch, *spatial)``, or ``(batch, *spatial, classes)`` by class; 0 on both steps beside a change.

    Examples:
        >>> import numpy as np
        >>> y_true = np.eye(2, dtype="float32")[[[0, 0, 0, 1, 1, 1, 1]]]
        >>> np.asarray(steps_to_transition(y_true, np.ones((1, 7), "float32"), furthest=3)).tolist()
        [[2.0, 1.0, 0.0, 0.0, 1.0, 2.0, 3.0]]
    """
    axes = range(1, len(valid.shape))
    valid = ops.expand_dims(valid, -1)
    beside = ops.zeros_like(y_true) if by_class else ops.zeros_like(valid)
    for axis in axes:
        beside = ops.maximum(beside, _beside_change(y_true, valid, axis, by_class))
    distance = (1.0 - beside) * furthest
    for axis in axes:
        distance = _spread(distance, axis, furthest)
    return distance if by_class else ops.squeeze(distance, axis=-1)


def _beside_change(y_true: Any, valid: Any, axis: int, by_class: bool) -> Any:
    """1 on both steps of every change along an axis, else 0."""
    differs = ops.abs(_from(y_true, axis, 1) - _to(y_true, axis, 1)) > 0.5
    if not by_class:
        differs = ops.any(differs, axis=-1, keepdims=True)
    change = ops.cast(differs, "float32") * _from(valid, axis, 1) * _to(valid, axis, 1)
    padded = _pad(change, axis, 1, 0.0)
    return ops.maximum(_from(padded, axis, 1), _to(padded, axis, 1))


def _spread(distance: Any, axis: int, furthest: int) -> Any:
    """The distance after every step may be reached from those before and behind it along an axis."""
    reach, enough = 1, min(furthest, distance.shape[axis] or furthest)
    while reach < enough:
        padded = _pad(distance, axis, reach, furthest)
        nearer = ops.minimum(_from(padded, axis, 2 * reach), _to(padded, axis, 2 * reach))
        distance = ops.minimum(distance, nearer + reach)
        reach *= 2
    return distance


def _from(values: Any, axis: int, start: int) -> Any:
    return values[(slice(None),) * axis + (slice(start, None),)]


def _to(values: Any, axis: int, left_out: int) -> Any:
    return values[(slice(None),) * axis + (slice(None, -left_out),)]


def _pad(values: Any, axis: int, width: int, fill: float) -> Any:
    """The values with as many more on both ends of an axis."""
    widths = [(0, 0)] * len(values.shape)
    widths[axis] = (width, width)
    return ops.pad(values, widths, constant_values=fill)


def widened(share: Any, valid: Any, *, steps: int) -> Any:
    """The largest value within so many steps along the axes, never across an ignored step.

    Args:
        share: ``(batch, *spatial, channels)``, at least 0.
        valid: 1 where a step is judged, ``(batch, *spatial)``.
        steps: how far; each is one pass over the batch.

    Returns:
        As ``share``; 0 where ignored.

    Examples:
        >>> import numpy as np
        >>> share = np.array([[[0], [0], [1], [0], [0], [1]]], "float32")
        >>> np.asarray(widened(share, np.array([[1, 1, 1, 1, 0, 1]], "float32"), steps=2))[0, :, 0].tolist()
        [1.0, 1.0, 1.0, 1.0, 0.0, 1.0]
    """
    valid = ops.expand_dims(valid, -1)
    share = share * valid
    for _ in range(steps):
        wide = share
        for axis in range(1, len(share.shape) - 1):
            padded = _pad(share, axis, 1, 0.0)
            wide = ops.maximum(wide, ops.maximum(_from(padded, axis, 2), _to(padded, axis, 2)))
        share = wide * valid
    return share
