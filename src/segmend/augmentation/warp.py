"""Signals and labels on one map of time."""

from __future__ import annotations

from typing import Any, NamedTuple

from keras import ops

from segmend.augmentation.base import Batch, Transform, ignore


class Map(NamedTuple):
    """Where each step of the new recording lies in the old one.

    Attributes:
        place: in steps, not always whole, float32 ``(batch, steps)``; outside of the recording its nearest step is
            taken.
        ignored: True where the new step has no true label, ``(batch, steps)``.
    """

    place: Any
    ignored: Any


class Warp(Transform):
    """Base of the transforms of time; a subclass writes ``map``.

    The signal is interpolated linearly between the two nearest steps, labels and weights are those of the nearest one.
    """

    ranks = (1,)

    def map(self, batch: Batch) -> Map:
        """The map, of every recording."""
        raise NotImplementedError

    def change(self, batch: Batch) -> Batch:
        """The batch on the map."""
        place, ignored = self.map(batch)
        index = nearest(place, ops.shape(batch.x)[1])
        x, y, weight = along(batch.x, place), batch.y, batch.weight
        if self.labels == "steps":
            y = ignore(at(y, index), ignored, -1)
        if weight is not None and len(weight.shape) > 1:
            weight = ignore(at(weight, index), ignored, 0)
        return Batch(x, y, weight)


def steps_of(x: Any) -> tuple[Any, Any]:
    """How many recordings there are, and the numbers of their steps as floats ``(1, steps)``."""
    batch, steps = ops.shape(x)[:2]
    return batch, ops.cast(ops.expand_dims(ops.arange(steps), 0), "float32")


def inside(place: Any, steps: Any) -> Any:
    """Whether a place is nearest to a step of the recording, and not beyond its ends."""
    return ops.logical_and(place >= -0.5, place < ops.cast(steps, "float32") - 0.5)


def nearest(place: Any, steps: Any) -> Any:
    """The number of the step nearest to each place."""
    return ops.clip(ops.cast(ops.floor(place + 0.5), "int32"), 0, steps - 1)


def at(values: Any, index: Any) -> Any:
    """``values[b, index[b, t]]`` for ``values`` of shape ``(batch, steps, ...)``.

    Examples:
        >>> import numpy as np
        >>> np.asarray(at(np.array([[5, 6, 7], [8, 9, 10]]), np.array([[2, 0], [1, 1]]))).tolist()
        [[7, 5], [9, 9]]
    """
    batch, steps, *rest = ops.shape(values)
    first = ops.expand_dims(ops.arange(batch, dtype="int32") * steps, 1)
    return ops.take(ops.reshape(values, (-1, *rest)), index + first, axis=0)


def along(values: Any, place: Any) -> Any:
    """Values ``(batch, steps, channels)`` between steps, by linear interpolation; beyond the ends, the last one.

    Examples:
        >>> import numpy as np
        >>> np.asarray(along(np.array([[[0.0], [4.0]]], "float32"), np.array([[-1.0, 0.25, 9.0]]))).ravel().tolist()
        [0.0, 1.0, 4.0]
    """
    last = ops.shape(values)[1] - 1
    place = ops.clip(place, 0.0, ops.cast(last, "float32"))
    before = ops.cast(ops.floor(place), "int32")
    share = ops.expand_dims(place - ops.cast(before, "float32"), -1)
    return at(values, before) * (1.0 - share) + at(values, ops.minimum(before + 1, last)) * share
