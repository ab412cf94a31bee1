"""The sweep over all thresholds, compiled; imported only when a PSDS is asked for."""

from __future__ import annotations

import numba
import numpy as np

from segmend.core.types import BoolArray, FloatArray, IntArray


@numba.njit(cache=True, nogil=True)
def sweep(
    order: IntArray,
    last: BoolArray,
    opens: BoolArray,
    activity: IntArray,
    own: int,
    start: IntArray,
    stop: IntArray,
    weight: FloatArray,
    tolerance: tuple[float, float, float],
) -> tuple[IntArray, IntArray, IntArray, FloatArray]:
    """Lower the threshold of one class past every score and count after each what is found and what is false.

    A step that passes the threshold joins its neighbours into one detection, so a sweep sees at most two detections
    go and one come per step. A detection covers the references inside it whole and at most two others, at its ends, in
    part: its arrival and its going cost a time that depends on the number of classes only.

    Args:
        order: steps by descending score, shape (steps,).
        last: True at the last step of each distinct score, shape (steps,), aligned with ``order``.
        opens: True where a judged stretch begins, shape (steps,).
        activity: number of steps in references of each class before a step, shape (steps + 1, classes).
        own: column of the class among ``activity``.
        start: first step of its references, which are disjoint, in order and not across an opening.
        stop: the step after their last ones.
        weight: effective false alarms that a confusion with each class adds, shape (classes,).
        tolerance: thresholds for detections, references and confusions.

    Returns:
        Rank of the threshold in ``order``, references found, false alarms, and weighted confusions, wherever any of
        the latter three changes.
    """
    steps = order.size
    begun, ended = _before(start, steps, 1), _before(stop, steps, 0)
    covered = np.zeros(start.size, np.int64)
    crossing = np.zeros(weight.size, np.int64)
    far = np.full(steps, -1, np.int64)  # at either end of a detection: its other end; -1 below the threshold
    rank, found, false = np.empty(steps, np.int64), np.empty(steps, np.int64), np.empty(steps, np.int64)
    crossed = np.empty(steps)
    hits, alarms, points = 0, 0, 0
    for k in range(steps):
        a, b = order[k], order[k] + 1
        if a > 0 and not opens[a] and far[a - 1] >= 0:
            a = far[a - 1]
            now = _turn(a, order[k], -1, activity, own, start, stop, begun, ended, covered, crossing, tolerance)
            hits, alarms = hits + now[0], alarms + now[1]
        if b < steps and not opens[b] and far[b] >= 0:
            c = b
            b = far[b] + 1
            now = _turn(c, b, -1, activity, own, start, stop, begun, ended, covered, crossing, tolerance)
            hits, alarms = hits + now[0], alarms + now[1]
        far[order[k]] = 0
        far[a], far[b - 1] = b - 1, a
        now = _turn(a, b, 1, activity, own, start, stop, begun, ended, covered, crossing, tolerance)
        hits, alarms = hits + now[0], alarms + now[1]
        if last[k]:
            mixed = 0.0
            for j in range(weight.size):
                mixed += crossing[j] * weight[j]
            if points == 0 or found[points - 1] != hits or false[points - 1] != alarms or crossed[points - 1] != mixed:
                rank[points], found[points], false[points], crossed[points] = k, hits, alarms, mixed
                points += 1
    return rank[:points], found[:points], false[:points], crossed[:points]


@numba.njit(cache=True, nogil=True)
def _before(place: IntArray, steps: int, later: int) -> IntArray:
    """How many places lie at or before each step (strictly before, with ``later`` = 1), shape (steps + 1,)."""
    count = np.zeros(steps + 2, np.int64)
    for at in place:
        count[at + later] += 1
    return np.cumsum(count)[: steps + 1]


@numba.njit(cache=True, nogil=True, inline="always")
def _turn(
    a: int,
    b: int,
    sign: int,
    activity: IntArray,
    own: int,
    start: IntArray,
    stop: IntArray,
    begun: IntArray,
    ended: IntArray,
    covered: IntArray,
    crossing: IntArray,
    tolerance: tuple[float, float, float],
) -> tuple[int, int]:
    """References found and false alarms that the detection [a, b) adds by coming (sign 1) or going (sign -1)."""
    shared = activity[b, own] - activity[a, own]
    if shared == 0 or shared / (b - a) < tolerance[0]:
        for j in range(crossing.size):
            other = activity[b, j] - activity[a, j]
            if j != own and other > 0 and other / (b - a) >= tolerance[2]:
                crossing[j] += sign
        return 0, sign
    first, beyond = begun[a], ended[b]  # the references first ... beyond - 1 lie inside
    hits = sign * max(0, beyond - first)
    if first > 0 and stop[first - 1] > a:
        piece = min(stop[first - 1], b) - a
        hits += _cover(first - 1, sign * piece, start, stop, covered, tolerance[1])
    if beyond >= first and beyond < start.size and start[beyond] < b:
        hits += _cover(beyond, sign * (b - start[beyond]), start, stop, covered, tolerance[1])
    return hits, 0


@numba.njit(cache=True, nogil=True, inline="always")
def _cover(item: int, piece: int, start: IntArray, stop: IntArray, covered: IntArray, share: float) -> int:
    """Cover so many steps more of a reference; 1 if it is found by that, -1 if it no longer is, else 0."""
    length = stop[item] - start[item]
    before = covered[item] > 0 and covered[item] / length >= share
    covered[item] += piece
    after = covered[item] > 0 and covered[item] / length >= share
    return int(after) - int(before)
