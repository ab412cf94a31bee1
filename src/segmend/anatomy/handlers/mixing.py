"""Layers that mix steps or tensors: dense layers, normalisation, merges, attention, global pooling."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from segmend.anatomy.sight import Axis, Call, Sight, meet, mix, vanish


def dense(call: Call) -> Sight:
    """One step at a time over the last axis; where that axis is itself one that is seen, all of it is mixed."""
    units = call.outputs[0].shape[-1]

    def change(axis: Axis) -> Axis:
        if axis.place != call.rank - 1:
            return axis
        return axis.mixed() if units == axis.steps else axis.gone()

    return tuple(change(axis) for axis in call.sight)


def over_axis(call: Call) -> Sight:
    """Normalisation and softmax over ``axis``: free over channels, unbounded over time."""
    axis = getattr(call.operation, "axis", -1)
    axes = range(call.rank) if axis is None else [axis] if isinstance(axis, int) else axis
    return mix(call.sight, (int(number) % call.rank for number in axes))


def over_space(call: Call) -> Sight:
    """Group normalisation: statistics of the whole recording."""
    return mix(call.sight, range(1, call.rank))


def global_pool(call: Call) -> Sight:
    """Global pooling: one value for the whole axis."""
    return vanish(call.sight)


def merge(call: Call) -> Sight | None:
    """Sum, product and the like of tensors of one rank, or with tensors that have no such axis; None: probe it."""
    ranks = {len(tensor.shape) for tensor, sight in zip(call.tensors, call.sights, strict=True) if _placed(sight)}
    return meet(call.sights) if len(ranks) <= 1 else None


def concatenate(call: Call) -> Sight | None:
    """Concatenation over channels; None (probe it) along an axis that is seen."""
    place = int(call.operation.axis) % call.rank
    if any(axis.place == place for sight in call.sights for axis in sight):
        return None
    return merge(call)


def attention(call: Call) -> Sight:
    """Attention: the query's steps see all steps of keys and values, or all up to themselves when causal."""
    _, kwargs = call.fill(call.tensors)
    if kwargs.get("use_causal_mask"):
        return tuple(replace(axis, field=axis.field.forward_recurrent()) for axis in meet(call.sights))
    return mix(call.sight, range(1, call.rank))


def repeat_vector(call: Call) -> Sight:
    """A vector repeated: it has lost its axes already."""
    return vanish(call.sight)


def crop_like(call: Call) -> Sight:
    """The house's own ``CropLike``: the first tensor cut at its end to the length of the second."""
    pairs = zip(*call.sights, strict=True)
    return tuple(replace(axis, steps=like.steps if axis.place is not None else axis.steps) for axis, like in pairs)


def _placed(sight: Sight) -> Any:
    return any(axis.place is not None and axis.steps != 1 for axis in sight)
