"""Indexing of tensors: ``x[:, -1]``, ``x[:, 2:]``, ``x[:, ::2]``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from segmend.anatomy.sight import Axis, Call, ImpossibleLengthError, Sight


def get_item(call: Call) -> Sight | None:
    """One step, or every so many of a stretch; None (probe it) for lists of steps, reversed order and batches."""
    key = call.argument("key", 1)
    parts = list(key) if isinstance(key, tuple | list) else [key]
    if not all(part is None or part is Ellipsis or type(part) in (int, slice) for part in parts):
        return None
    cuts, places = _laid_out(parts, call.rank)
    if cuts[0] != slice(None):
        return None
    after = [_cut(axis, cuts, places, call) for axis in call.sight]
    return None if None in after else tuple(axis for axis in after if axis is not None)


def _laid_out(parts: list[Any], rank: int) -> tuple[list[Any], list[int]]:
    """What is taken of each axis of the tensor, and the axis of the result where it would then lie."""
    named = sum(part is not None and part is not Ellipsis for part in parts)
    rest = [slice(None)] * (rank - named)
    at = parts.index(Ellipsis) if Ellipsis in parts else len(parts)
    cuts, places, place = [], [], 0
    for part in [*parts[:at], *rest, *parts[at + 1 :]]:
        if part is not None:
            cuts.append(part)
            places.append(place)
        place += not isinstance(part, int)
    return cuts, places


def _cut(axis: Axis, cuts: list[Any], places: list[int], call: Call) -> Axis | None:
    if axis.place is None:
        return axis
    cut, place = cuts[axis.place], places[axis.place]
    is_open = call.tensors[0].shape[axis.place] is None
    if isinstance(cut, int):
        return replace(_one(axis, cut, is_open), place=None, steps=None)
    if cut == slice(None):
        return replace(axis, place=place)
    start, stop, by = cut.start or 0, cut.stop, cut.step or 1
    if by < 0 or not all(isinstance(number, int | None) for number in (start, stop, by)):
        return None
    if axis.steps is None:
        stays = start >= 0 and by == 1 and (stop is None or stop < 0)
        return replace(axis, field=axis.field.shift(start), place=place) if stays else None
    taken = range(axis.steps)[cut]
    if not taken:
        raise ImpossibleLengthError
    if len(taken) == 1 < axis.steps:
        return replace(_one(axis, taken[0], is_open), place=place, steps=1)
    if start < 0 and is_open:
        return replace(axis.mixed(), place=place, steps=len(taken))
    return replace(axis, field=axis.field.gather([(taken[0],)], by), place=place, steps=len(taken))


def _one(axis: Axis, number: int, is_open: bool) -> Axis:
    """The axis of one step; of one that is neither the first nor the last, nothing is said but that it is somewhere."""
    last = number == -1 or number + 1 == axis.steps
    if number == 0 or last:
        return replace(axis, field=axis.field.pinned(at_end=last))
    return replace(axis, field=axis.field.summary())
