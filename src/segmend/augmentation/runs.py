"""Segments of a batch of labels: runs of steps with the same label, or the same row of labels."""

from __future__ import annotations

from typing import Any

from keras import ops

from segmend.augmentation.base import Transform
from segmend.augmentation.warp import at, steps_of


def starts(y: Any) -> Any:
    """True on the first step of each run, ``(batch, steps)``.

    Examples:
        >>> import numpy as np
        >>> np.asarray(starts(np.array([[0, 0, 3, 3, -1]]))).tolist()
        [[True, False, True, False, True]]
    """
    changes = ops.not_equal(y[:, 1:], y[:, :-1])
    if len(y.shape) > 2:
        changes = ops.any(changes, axis=-1)
    first = ops.ones((ops.shape(y)[0], 1), dtype="bool")
    return ops.concatenate([first, changes], axis=1)


def is_background(y: Any, background: int | None) -> Any:
    """True where a step has no class, ``(batch, steps)``; a row of zeros has none."""
    if len(y.shape) > 2:
        return ops.all(ops.equal(y, 0), axis=-1)
    return ops.equal(y, -2 if background is None else background)


def is_foreground(y: Any, background: int | None) -> Any:
    """True where a step is judged and has a class, ``(batch, steps)``."""
    ignored = ops.any(y < 0, axis=-1) if len(y.shape) > 2 else y < 0
    return ops.logical_not(ops.logical_or(ignored, is_background(y, background)))


def draw(transform: Transform, allowed: Any) -> tuple[Any, Any]:
    """One of the allowed steps of each recording, each as likely: its number and whether there is one, ``(batch, 1)``.

    Numbers of steps are float32 here, as places on a map are.
    """
    order = ops.where(allowed, transform.uniform(ops.shape(allowed)), -1.0)
    chosen = ops.expand_dims(ops.argmax(order, axis=1), 1)
    return ops.cast(chosen, "float32"), ops.any(allowed, axis=1, keepdims=True)


def stop_of(first: Any, start: Any) -> Any:
    """Where the run that begins at ``start`` ends, ``(batch, 1)``; ``first`` as ``starts`` gives it."""
    _, steps = steps_of(first)
    behind = ops.logical_and(first, steps > start)
    length = ops.cast(ops.shape(first)[1], "float32")
    return ops.min(ops.where(behind, steps, length), axis=1, keepdims=True)


def room(free: Any, length: Any, margin: int) -> Any:
    """True where a run of ``length`` steps may begin with ``margin`` free steps before and behind it.

    Args:
        free: True where a step may be taken, ``(batch, steps)``.
        length: steps of the run, float32 ``(batch, 1)``.
        margin: steps.

    Examples:
        >>> import numpy as np
        >>> free = np.array([[True, True, True, True, False]])
        >>> np.asarray(room(free, np.array([[2.0]], "float32"), 1)).tolist()
        [[False, True, False, False, False]]
    """
    _, steps = steps_of(free)
    size = ops.shape(free)[1]
    taken = ops.pad(ops.cumsum(ops.cast(free, "int32"), axis=1), [(0, 0), (1, 0)])
    first, stop = steps - margin, steps + length + margin
    fits = ops.logical_and(first >= 0, stop <= ops.cast(size, "float32"))
    low, high = (ops.clip(ops.cast(end, "int32"), 0, size) for end in (first + 0 * length, stop))
    count = ops.cast(at(taken, high) - at(taken, low), "float32")
    return ops.logical_and(fits, count >= length + 2 * margin - 0.5)
