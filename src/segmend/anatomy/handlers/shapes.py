"""Operations that move axes: flatten, reshape, permute, expand, squeeze, reduce."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from segmend.anatomy.sight import Axis, Call, ImpossibleLengthError, Sight, vanish


def shape_of(call: Call) -> list[int | None]:
    """The first input's shape without the batch axis, with the lengths that are being tried."""
    shape = list(call.tensors[0].shape[1:])
    for axis in call.sight:
        if axis.place is not None:
            shape[axis.place - 1] = axis.steps
    return shape


def reshape(call: Call) -> Sight | None:
    """Any reshape: an axis is kept where the sizes before it agree; None (probe it) where it is folded."""
    old = shape_of(call)
    new = list(getattr(call.operation, "target_shape", call.outputs[0].shape[1:]))
    if None in old:
        return None
    total = math.prod(size for size in old if size is not None)
    rest = math.prod(size for size in new if size not in (None, -1))
    if rest == 0 or total % rest or (total != rest and not any(size in (None, -1) for size in new)):
        raise ImpossibleLengthError
    new = [total // rest if size in (None, -1) else size for size in new]
    moved = [axis if axis.place is None else _moved(axis, old, new) for axis in call.sight]
    return None if None in moved else tuple(axis for axis in moved if axis is not None)


def _moved(axis: Axis, old: Sequence[Any], new: Sequence[int]) -> Axis | None:
    before = math.prod(old[: (axis.place or 1) - 1])
    for place, size in enumerate(new):
        if math.prod(new[:place]) == before and size == axis.steps:
            return replace(axis, place=place + 1)
    return None


def flatten(call: Call) -> Sight:
    """All axes in one: an axis survives only beside axes of size 1, else the features have seen all of it."""
    shape = shape_of(call)
    others = {
        axis.place: math.prod(s or 0 for s in [*shape[: axis.place - 1], *shape[axis.place :]])
        for axis in call.sight
        if axis.place
    }
    return tuple(replace(axis, place=1) if others.get(axis.place or 0) == 1 else axis.gone() for axis in call.sight)


def permute(call: Call) -> Sight:
    """``layers.Permute`` and ``ops.transpose``."""
    dims = getattr(call.operation, "dims", None)
    order = [0, *dims] if dims is not None else call.operation.axes or range(call.rank)[::-1]
    return tuple(
        axis if axis.place is None else replace(axis, place=list(order).index(axis.place)) for axis in call.sight
    )


def expand(call: Call) -> Sight:
    """``ops.expand_dims``."""
    at = sorted(place % (call.rank + 1) for place in _numbers(call.operation.axis))
    return tuple(
        _renumbered(axis, sum(place <= axis.place for place in at)) if axis.place else axis for axis in call.sight
    )


def squeeze(call: Call) -> Sight | None:
    """``ops.squeeze``; None (probe it) where the axes are not named."""
    if call.operation.axis is None:
        return None
    return _dropped(call, call.sight)


def reduce(call: Call) -> Sight:
    """Mean, sum, max and the like over axes: what is reduced has seen all of it."""
    operation = call.operation
    places = range(call.rank) if operation.axis is None else [place % call.rank for place in _numbers(operation.axis)]
    sight = vanish(call.sight, places)
    return sight if getattr(operation, "keepdims", False) or operation.axis is None else _dropped(call, sight)


def _dropped(call: Call, sight: Sight) -> Sight:
    gone = [place % call.rank for place in _numbers(call.operation.axis)]
    return tuple(
        _renumbered(axis, -sum(place < axis.place for place in gone)) if axis.place else axis for axis in sight
    )


def _renumbered(axis: Axis, by: int) -> Axis:
    return replace(axis, place=(axis.place or 0) + by)


def _numbers(value: Any) -> list[int]:
    return [int(value)] if isinstance(value, int) else [int(number) for number in value]
