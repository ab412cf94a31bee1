"""Which predictions each reference may be matched with: a window of them in order of one end, bounds for the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from segmend.core.types import BoolArray, IntArray
from segmend.scoring.collars.collar import Collar
from segmend.scoring.items import Items


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """Both sides on one axis, where events of different groups lie further apart than any tolerance.

    Attributes:
        reference, prediction: onset and offset of each event, shape (2, events).
        tolerance: of the onset and offset of each reference, shape (2, references).
        groups: group of each reference and of each prediction.
    """

    reference: IntArray
    prediction: IntArray
    tolerance: IntArray
    groups: tuple[IntArray, IntArray]


class Windows(NamedTuple):
    """What each reference may choose from.

    Attributes:
        begin, end: window of predictions in their order, half-open, shape (references,).
        low, high: least and largest that the other end of a prediction may be.
        other: the other end of each prediction, shape (predictions,).
    """

    begin: IntArray
    end: IntArray
    low: IntArray
    high: IntArray
    other: IntArray


def field(
    reference: Items, prediction: Items, collar: Collar, groups: tuple[IntArray, IntArray], *, lane: int = 0
) -> Field:
    """Lay out both sides by group; only events of one group may match.

    Args:
        reference: events that are there.
        prediction: predicted events.
        collar: tolerances.
        groups: group of each reference and of each prediction.
        lane: length of a class's lane on the axis of the events, where a group holds several lanes.
    """
    ends = [np.stack([side.start, side.stop]) - lane * side.label.astype(np.int64) for side in (reference, prediction)]
    every = np.concatenate(ends, axis=1)
    base, extent = (int(every.min()), int(np.ptp(every))) if every.size else (0, 0)
    left, right = (end - base + (2 * extent + 1) * group for end, group in zip(ends, groups, strict=True))
    tolerance = np.stack([np.full(len(reference), collar.onset), collar.offset(reference.size)])
    return Field(left, right, np.minimum(tolerance, extent), groups)


def one_end(laid: Field, which: int) -> tuple[IntArray, Windows]:
    """The order of predictions by onset (0) or offset (1), and what lies within the tolerance of that end."""
    order = np.argsort(laid.prediction[which], kind="stable")
    value = laid.prediction[which][order]
    low, high = laid.reference[which] - laid.tolerance[which], laid.reference[which] + laid.tolerance[which]
    return order, Windows(np.searchsorted(value, low), np.searchsorted(value, high, "right"), low, high, value)


def both_ends(laid: Field) -> tuple[IntArray, Windows, BoolArray]:
    """The order of predictions by onset, what lies within both tolerances, and for which references bounds matter.

    Where events in order of onset are in order of offset too, as runs are, those within the bounds of the offset are a
    window themselves. Only in a group in which a prediction lies within another do bounds say more.
    """
    order = np.lexsort((laid.prediction[1], laid.prediction[0]))
    onset, offset = laid.prediction[:, order]
    (first, low), (last, high) = laid.reference - laid.tolerance, laid.reference + laid.tolerance
    reach = np.maximum.accumulate(offset)  # the offsets themselves, but in a group with nesting
    begin = np.maximum(np.searchsorted(onset, first), np.searchsorted(reach, low))
    nested = np.isin(laid.groups[0], laid.groups[1][order[reach > offset]])
    end = np.searchsorted(onset, last, "right")
    end = np.where(nested, end, np.minimum(end, np.searchsorted(reach, high, "right")))
    return order, Windows(begin, end, low, high, offset), nested


def turned(laid: Field) -> Field:
    """The same with onset and offset in each other's place in groups where fewer predictions fit by offset.

    What fits by both is the same; what windows hold beside it is less where many events begin at once.
    """
    left, right = laid.groups
    onset, offset = (
        np.bincount(left, (seen.end - seen.begin).astype(np.float64), minlength=int(right.max(initial=-1)) + 1)
        for _, seen in (one_end(laid, which) for which in (0, 1))
    )
    turn = offset < onset

    def turned_in(ends: IntArray, group: IntArray) -> IntArray:
        return np.where(turn[group], ends[::-1], ends)

    return Field(
        turned_in(laid.reference, left),
        turned_in(laid.prediction, right),
        turned_in(laid.tolerance, left),
        laid.groups,
    )
