"""Compiled choice of the segments that are most likely right; imported by decoders only when they decode."""

from __future__ import annotations

import numba
import numpy as np

from segmend.core.types import BoolArray, FloatArray, IntArray


@numba.njit(cache=True, nogil=True)
def support(
    start: IntArray, stop: IntArray, drawn_start: IntArray, drawn_stop: IntArray, weight: FloatArray
) -> FloatArray:
    """Summed weight of the drawn segments that overlap each candidate with an IoU of at least one half.

    Args:
        start: of candidates, shape (candidates,).
        stop: of candidates.
        drawn_start: of drawn segments of the same class, ascending, shape (drawn,).
        drawn_stop: of the same.
        weight: of the same.
    """
    found = np.zeros(start.size)
    for k in range(start.size):
        first = np.searchsorted(drawn_start, 2 * start[k] - stop[k])
        for j in range(first, drawn_start.size):
            if drawn_start[j] >= stop[k]:
                break
            shared = min(stop[k], drawn_stop[j]) - max(start[k], drawn_start[j])
            if 2 * shared >= max(stop[k], drawn_stop[j]) - min(start[k], drawn_start[j]):
                found[k] += weight[j]
    return found


@numba.njit(cache=True, nogil=True)
def best_schedule(start: IntArray, stop: IntArray, label: IntArray, gain: FloatArray, steps: int) -> BoolArray:
    """The disjoint candidates with the highest summed gain; no two of one class touch, since they would be one.

    Time O(candidates + steps).

    Args:
        start: of candidates, shape (candidates,).
        stop: of candidates, ascending.
        label: of candidates.
        gain: of candidates.
        steps: length of the recording.

    Returns:
        True where a candidate is taken.
    """
    best = np.zeros(steps + 1)  # of candidates that end at t or before
    last = np.full(steps + 1, -1)
    lead = np.full(steps + 1, -1)  # the best candidate that ends at t, and the best one of another class
    other = np.full(steps + 1, -1)
    value = np.empty(start.size)
    before = np.full(start.size, -1)
    k = 0
    for t in range(1, steps + 1):
        best[t], last[t] = best[t - 1], last[t - 1]
        while k < start.size and stop[k] == t:
            s = start[k]
            top = 0.0
            if s > 0:
                top, before[k] = best[s - 1], last[s - 1]
                touching = lead[s] if lead[s] < 0 or label[lead[s]] != label[k] else other[s]
                if touching >= 0 and value[touching] > top:
                    top, before[k] = value[touching], touching
            value[k] = top + gain[k]
            if lead[t] < 0 or value[k] > value[lead[t]]:
                if lead[t] >= 0 and label[lead[t]] != label[k]:
                    other[t] = lead[t]
                lead[t] = k
            elif label[k] != label[lead[t]] and (other[t] < 0 or value[k] > value[other[t]]):
                other[t] = k
            k += 1
        if lead[t] >= 0 and value[lead[t]] > best[t]:
            best[t], last[t] = value[lead[t]], lead[t]
    taken = np.zeros(start.size, np.bool_)
    at = last[steps]
    while at >= 0:
        taken[at] = True
        at = before[at]
    return taken


@numba.njit(cache=True, nogil=True)
def fill_gaps(start: IntArray, stop: IntArray, label: IntArray, share: FloatArray) -> IntArray:
    """Class of each step where every step has one: gaps between segments go to their neighbours, cut at the best place.

    Args:
        start: of disjoint segments in order, shape (segments,).
        stop: of the same.
        label: of the same.
        share: how often each step has each class, shape (steps, classes).
    """
    steps = share.shape[0]
    path = np.empty(steps, np.int64)
    if not start.size:
        path[:] = np.argmax(share.sum(axis=0))
        return path
    path[: start[0]] = label[0]
    path[stop[-1] :] = label[-1]
    for k in range(start.size):
        path[start[k] : stop[k]] = label[k]
        if k == 0:
            continue
        a, b = label[k - 1], label[k]
        lead, best, cut = 0.0, 0.0, stop[k - 1]
        for t in range(stop[k - 1], start[k]):
            lead += share[t, a] - share[t, b]
            if lead > best:
                best, cut = lead, t + 1
        path[stop[k - 1] : cut] = a
        path[cut : start[k]] = b
    return path
