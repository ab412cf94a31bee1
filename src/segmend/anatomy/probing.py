"""Find a receptive field by experiment: disturb one input step and see which output steps notice.

NaN passes through ReLU and saturated gates, which would hide a small change, but max pooling swallows it on some
backends; a large step up or down passes through max pooling. A step is touched if any of the three shows. An operation
that multiplies by exact zeros (a mask, attention with a causal mask) lets NaN through where nothing is seen, so that
the field comes out too wide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from segmend.anatomy.sight import Axis, UnknownError
from segmend.core.receptive_field import NOTHING, Field, union
from segmend.core.types import BoolArray, FloatArray

POSITIONS = 48
"""Neighbouring input steps that are tried: enough for strides up to 16."""

DISTURBANCES = (np.nan, 1e4, -1e4)
SLACK = 1e-4
"""Share of the largest output by which rounding may change it."""


@dataclass(frozen=True, slots=True)
class Influence:
    """Which output steps some neighbouring input steps touch.

    Attributes:
        first: number of the first input step that was tried.
        touched: (positions, output steps).
        place: the output's axis that runs along the input's axis; None where the output has none.
        outer: which output steps all input steps before those that were tried touch, and all behind them, (2, output
            steps); None where these were not tried.
    """

    first: int
    touched: BoolArray
    place: int | None
    outer: BoolArray | None = None


def disturbed(shape: Sequence[int], place: int = 1, *, seed: int = 0) -> tuple[int, FloatArray]:
    """A batch of one random positive input, disturbed at another step of axis ``place`` in each row.

    Args:
        shape: of the input, without the batch axis.
        place: the input's axis, the batch being 0.
        seed: of the random input.

    Returns:
        The first step that is disturbed in some row, and the batch: a row per step with NaN, then a row per step with
        a large value, then with its negative, and one undisturbed row.
    """
    clean = np.random.default_rng(seed).uniform(0.5, 1.5, size=tuple(shape)).astype(np.float32)
    return tried(shape[place - 1])[0], disturbed_rows(clean, place, range(row_count(shape[place - 1])))


def tried(steps: int) -> tuple[int, int]:
    """The first step of so many that is disturbed, and how many are: those in the middle.

    Examples:
        >>> tried(1000), tried(9)
        ((476, 48), (2, 4))
    """
    count = min(POSITIONS, max(steps // 2, 1))
    return (steps - count) // 2, count


def row_count(steps: int) -> int:
    """How many rows ``disturbed`` has for so many steps."""
    return len(DISTURBANCES) * tried(steps)[1] + 1


def disturbed_rows(clean: FloatArray, place: int, numbers: range, scale: float = 1.0) -> FloatArray:
    """Some rows of what ``disturbed`` lists, for an input of one's own, of shape (rows, *shape).

    Args:
        clean: the input, without a batch axis.
        place: as for ``disturbed``.
        numbers: of the rows.
        scale: of the disturbances.
    """
    first, count = tried(clean.shape[place - 1])
    batch = np.repeat(np.asarray(clean, np.float32)[None], len(numbers), axis=0)
    along = np.moveaxis(batch, place, 1)
    for row, number in enumerate(numbers):
        value, step = divmod(number, count)
        if value < len(DISTURBANCES):
            along[row, first + step] = DISTURBANCES[value] * scale
    return batch


def surrounded(shape: Sequence[int], place: int = 1, *, seed: int = 0) -> tuple[int, FloatArray]:
    """As ``disturbed``, after rows in which all steps before those that are tried are disturbed, and all behind them.

    They show what reads the first or last steps of a recording wherever it stands itself.
    """
    first, batch = disturbed(shape, place, seed=seed)
    stop = first + (len(batch) - 1) // len(DISTURBANCES)
    outer = np.repeat(batch[-1:], 2 * len(DISTURBANCES), axis=0)
    along = np.moveaxis(outer, place, 1)
    for number, value in enumerate(DISTURBANCES):
        along[2 * number, :first] = value
        along[2 * number + 1, stop:] = value
    return first, np.concatenate([outer, batch])


def noticed(first: int, out: FloatArray, place: int = 1) -> Influence:
    """What a batch of ``surrounded`` shows; arguments and errors as ``influence``."""
    rows = 2 * len(DISTURBANCES)
    seen = influence(first, out[rows:], place)
    changed = _changed(out[:rows], out[-1])
    hit: BoolArray = np.asarray(changed.reshape(len(DISTURBANCES), 2, *out.shape[1:]).any(axis=0))
    flat: BoolArray = np.asarray(hit.reshape(2, -1).any(axis=1, keepdims=True))
    return replace(seen, outer=flat if seen.place is None else _rows(hit, seen.place))


def influence(first: int, out: FloatArray, place: int = 1) -> Influence:
    """What a disturbed batch shows.

    Args:
        first: the first step that was disturbed.
        out: the operation's output for the disturbed batch.
        place: the axis of the input that was disturbed.

    Raises:
        UnknownError: the output is NaN for the undisturbed input too.
    """
    clean = out[-1]
    if np.isnan(clean).any():
        raise UnknownError("the output is NaN even for a finite input")
    changed = _changed(out[:-1], clean)
    hit: BoolArray = np.asarray(changed.reshape(len(DISTURBANCES), -1, *out.shape[1:]).any(axis=0))
    along = _along(hit, place)
    if along is None:
        return Influence(first, np.asarray(hit.reshape(len(hit), -1).any(axis=1, keepdims=True)), None)
    return Influence(first, _rows(hit, along), along)


def _changed(rows: FloatArray, clean: FloatArray) -> BoolArray:
    slack = SLACK * (np.abs(clean).max(initial=0.0) + SLACK)
    return np.asarray(np.isnan(rows) | (np.abs(rows - clean) > slack))


def _along(hit: BoolArray, place: int) -> int | None:
    """The output axis along which the NaN lies in places that depend on the input step; the same axis if it is one."""
    axes = [axis for axis in range(1, hit.ndim) if _is_local(_rows(hit, axis))]
    kept = place < hit.ndim - 1 and hit.shape[place] > 1
    return place if place in axes or (kept and not axes) else axes[0] if axes else None


def _rows(hit: BoolArray, along: int) -> BoolArray:
    """(positions, steps of one output axis): whether anything at that step was hit."""
    rows: BoolArray = np.asarray(hit.any(axis=tuple(axis for axis in range(1, hit.ndim) if axis != along)))
    return rows


def _is_local(rows: BoolArray) -> bool:
    return bool((rows.any(axis=0) & ~rows.all(axis=0)).any()) or bool(rows.any() and not rows.all())


def probed(axis: Axis, seen: Influence) -> Axis:
    """The axis after an operation that was probed.

    Raises:
        UnknownError: no regular pattern shows.
    """
    steps = seen.touched.shape[1]
    behind, ahead = (False, False) if seen.outer is None else map(bool, np.any(seen.outer, axis=1).tolist())
    if seen.place is None:
        if seen.touched.any() or (behind and ahead):
            return axis.gone()
        field = axis.field.pinned(at_end=ahead) if behind or ahead else Field(0, (NOTHING,))
        return replace(axis, field=field, place=None, steps=None)
    after = replace(axis, place=seen.place, steps=None if axis.steps is None else steps)
    if not seen.touched.any():
        return replace(after, field=axis.field.everything() if behind or ahead else Field(0, (NOTHING,)))
    middle = len(seen.touched) // 2
    to_start, to_end = bool(seen.touched[middle, 0]), bool(seen.touched[middle, -1])
    if to_start and to_end and steps > 1:
        same = axis.steps == steps
        return replace(after, field=axis.field.everything() if same else axis.field.summary())
    if to_start or to_end:
        field = axis.field.gather(*_reads(_edge(seen.touched, last=to_start), seen.first))
        return replace(after, field=field.backward() if to_start else field.forward_recurrent())
    whole = [row for row in range(len(seen.touched)) if not seen.touched[row, [0, -1]].any()]
    reads, move = _reads(seen.touched[whole], seen.first + whole[0])
    behind, ahead = _beyond(seen, reads, move)
    ends = [axis.field.pinned(at_end=at_end) for at_end, reads_it in ((False, behind), (True, ahead)) if reads_it]
    return replace(after, field=union([axis.field.gather(reads, move), *ends]))


def _beyond(seen: Influence, reads: Sequence[Sequence[int]], move: int) -> tuple[bool, bool]:
    """Whether output steps that read only steps that were tried, it seems, see what lies before or behind all these."""
    if seen.outer is None:
        return False, False
    stop = seen.first + len(seen.touched)
    inside = []
    for step in range(seen.touched.shape[1]):
        rounds, phase = divmod(step, len(reads))
        taps = [rounds * move + tap for tap in reads[phase]]
        if taps and min(taps) >= seen.first and max(taps) < stop:
            inside.append(step)
    behind, ahead = (bool(np.any(rows[inside])) for rows in seen.outer)
    return behind, ahead


def _edge(touched: BoolArray, *, last: bool) -> BoolArray:
    """Only the first (or last) output step that each input step touches."""
    numbers = np.arange(touched.shape[1])
    ends = np.where(touched, numbers, -1).max(axis=1) if last else np.where(touched, numbers, len(numbers)).min(axis=1)
    return numbers[None, :] == ends[:, None]


def _reads(touched: BoolArray, first: int) -> tuple[list[list[int]], int]:
    """What output steps read: per phase the input steps, and the input steps by which a round moves on."""
    rows = [np.flatnonzero(row) for row in touched]
    for down in range(1, len(rows) // 2 + 1):
        up = _shift(rows, down)
        if up is not None:
            return _inverted(rows, first, up, down), down
    raise UnknownError(f"no regular pattern of strides within {len(rows)} steps")


def _shift(rows: Sequence[Any], down: int) -> int | None:
    """Output steps by which the pattern moves when the input moves by ``down``; None where it does not repeat."""
    shifts = {
        int(after[0] - before[0])
        for before, after in zip(rows, rows[down:], strict=False)
        if len(before) and len(after)
    }
    if len(shifts) != 1:
        return None
    up = shifts.pop()
    same = all(np.array_equal(before + up, after) for before, after in zip(rows, rows[down:], strict=False))
    return up if same and up > 0 else None


def _inverted(rows: Sequence[Any], first: int, up: int, down: int) -> list[list[int]]:
    reads: list[set[int]] = [set() for _ in range(up)]
    for number in range(down):
        for touched in rows[number]:
            rounds, phase = divmod(int(touched), up)
            reads[phase].add(first + number - rounds * down)
    return [sorted(read) for read in reads]
