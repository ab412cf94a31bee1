"""Compiled dynamic programmes; imported by decoders only when they decode."""

from __future__ import annotations

import numba
import numpy as np

from segmend.core.types import BoolArray, FloatArray, IntArray


@numba.njit(cache=True, nogil=True, fastmath={"nnan", "nsz"})
def best_path(score: FloatArray, penalty: float) -> IntArray:
    """The path with the highest summed score minus ``penalty`` per change of class; staying wins ties.

    Args:
        score: shape (steps, classes).
        penalty: cost of a change, at least 0.

    Returns:
        Class of each step, shape (steps,).
    """
    steps, classes = score.shape
    changed = np.empty((steps, classes), np.bool_)
    origin = np.empty(steps, np.int32)  # the best class one step earlier
    best = score[0].copy()
    lead = np.argmax(best)
    for t in range(1, steps):
        top = best[0]
        for c in range(1, classes):
            top = max(top, best[c])
        if best[lead] < top:  # seldom, so that the loops around it stay free of branches
            lead = np.argmax(best)
        origin[t] = lead
        fresh = top - penalty
        for c in range(classes):
            changed[t, c] = fresh > best[c]
            best[c] = max(best[c], fresh) + score[t, c]
    path = np.empty(steps, np.int64)
    state = np.argmax(best)
    for t in range(steps - 1, 0, -1):
        path[t] = state
        if changed[t, state]:
            state = origin[t]
    path[0] = state
    return path


@numba.njit(cache=True, nogil=True)
def best_chain(score: FloatArray, follow: FloatArray, begin: FloatArray) -> IntArray:
    """The path with the highest summed score of steps and transitions; the lower class wins ties.

    Args:
        score: shape (steps, classes).
        follow: shape (classes, classes), score of class b at the step after class a.
        begin: shape (classes,), score of the first step's class.

    Returns:
        Class of each step, shape (steps,).
    """
    steps, classes = score.shape
    origin = np.zeros((steps, classes), np.int16)  # the class one step earlier
    best = begin + score[0]
    fresh = np.empty(classes)
    for t in range(1, steps):
        for c in range(classes):
            lead, came = best[0] + follow[0, c], 0
            for a in range(1, classes):
                value = best[a] + follow[a, c]
                if value > lead:
                    lead, came = value, a
            fresh[c] = lead + score[t, c]
            origin[t, c] = came
        best, fresh = fresh, best
    path = np.empty(steps, np.int64)
    state = np.argmax(best)
    for t in range(steps - 1, -1, -1):
        path[t] = state
        state = origin[t, state]
    return path


@numba.njit(cache=True, nogil=True, fastmath={"nnan", "nsz"})
def _longest(entry: FloatArray, duration: FloatArray, t: int, least: int, shown: int) -> float:
    """The best of entry[t - d] + duration[d] over explicit durations d = least ... shown.

    ``duration`` is stored backwards (its last element is d = 1), so that both arrays are read forwards.
    """
    reach = min(t, shown)
    first = t - reach
    offset = shown - reach
    best = -np.inf
    for k in range(reach - least + 1):
        best = max(best, entry[first + k] + duration[offset + k])
    return best


@numba.njit(cache=True, nogil=True)
def best_segmentation(
    score: FloatArray,
    duration: FloatArray,
    least: IntArray,
    shown: IntArray,
    slope: FloatArray,
    follow: FloatArray,
    begin: FloatArray,
    end: FloatArray,
) -> IntArray:
    """The segmentation with the highest summed score of steps, durations and transitions.

    Time O(steps x (sum of explicit durations + classes^2)), memory O(steps x classes): where a segment began is
    looked for again on the way back, so no table over durations is kept. With one explicit duration for each class
    (``least`` equal to ``shown``) the time does not depend on how long segments are.

    Args:
        score: shape (steps, classes).
        duration: shape (classes, longest), log weight of each duration, stored backwards: the last column is 1 step.
        least: shape (classes,), at least 1: shorter segments there are none.
        shown: shape (classes,), at least ``least``: durations up to this are read off ``duration``; longer ones go on
            with ``slope``.
        slope: shape (classes,), log weight added for each step beyond ``shown``.
        follow: shape (classes, classes), log weight of class b after class a; the diagonal is not read.
        begin: shape (classes,), log weight of the first segment's class.
        end: shape (classes,), log weight of the last segment's class.

    Returns:
        Class of each step, shape (steps,).
    """
    steps, classes = score.shape
    longest = duration.shape[1]
    total = np.zeros((classes, steps + 1))
    entry = np.empty((classes, steps + 1))  # best score before a segment of class c begins at t, minus total
    tail = np.full((classes, steps + 1), -np.inf)  # the same for segments longer than shown that end at t
    closed = np.empty(classes)
    origin = np.zeros((classes, steps + 1), np.int32)
    for c in range(classes):
        entry[c, 0] = begin[c]
        for t in range(steps):
            total[c, t + 1] = total[c, t] + score[t, c]
    for t in range(1, steps + 1):
        for c in range(classes):
            n = shown[c]
            if t > n:
                tail[c, t] = max(tail[c, t - 1], entry[c, t - n - 1] + duration[c, longest - n]) + slope[c]
            closed[c] = total[c, t] + max(_longest(entry[c], duration[c, longest - n :], t, least[c], n), tail[c, t])
        for c in range(classes):
            best, came = -np.inf, 0
            for a in range(classes):
                value = closed[a] + follow[a, c]
                if a != c and value > best:
                    best, came = value, a
            entry[c, t] = best - total[c, t]
            origin[c, t] = came
    path = np.empty(steps, np.int64)
    state = np.argmax(closed + end)
    stop = steps
    while stop > 0:
        start = _start(entry[state], tail[state], duration[state], least[state], shown[state], stop)
        path[start:stop] = state
        state = origin[state, start]
        stop = start
    return path


@numba.njit(cache=True, nogil=True)
def _start(entry: FloatArray, tail: FloatArray, duration: FloatArray, least: int, shown: int, stop: int) -> int:
    """Where the best segment that ends at ``stop`` began."""
    longest = duration.shape[0]
    best, start = -np.inf, stop - 1
    for d in range(least, min(stop, shown) + 1):
        value = entry[stop - d] + duration[longest - d]
        if value > best:
            best, start = value, stop - d
    if tail[stop] > best:
        t = stop
        while tail[t - 1] > entry[t - shown - 1] + duration[longest - shown]:
            t -= 1
        start = t - shown - 1
    return start


@numba.njit(cache=True, nogil=True)
def refine_borders(path: IntArray, score: FloatArray, mean: FloatArray, spread: FloatArray, reach: int) -> IntArray:
    """Move each border to its best place within ``reach`` steps, from left to right, classes unchanged.

    Args:
        path: class of each step, shape (steps,).
        score: shape (steps, classes).
        mean: of the log duration of each class, shape (classes,).
        spread: its standard deviation, shape (classes,).
        reach: how far a border may move, in steps.
    """
    steps = path.size
    refined = path.copy()
    start, border = 0, 0
    while border < steps and path[border] == path[0]:
        border += 1
    while border < steps:
        a, b = path[border - 1], path[border]
        stop = border + 1
        while stop < steps and path[stop] == b:
            stop += 1
        low, high = max(start + 1, border - reach), min(stop - 1, border + reach)
        gain, best, place = 0.0, -np.inf, border
        for t in range(low, high + 1):
            if t > low:
                gain += score[t - 1, a] - score[t - 1, b]
            value = gain + _weight(t - start, mean[a], spread[a]) + _weight(stop - t, mean[b], spread[b])
            if value > best:
                best, place = value, t
        refined[start:place] = a
        refined[place:stop] = b
        start, border = place, stop
    return refined


@numba.njit(cache=True, nogil=True)
def _weight(steps: int, mean: float, spread: float) -> float:
    """Log density of a log-normal duration, up to a constant of the class."""
    return -np.log(steps) - 0.5 * ((np.log(steps) - mean) / spread) ** 2


@numba.njit(cache=True, nogil=True)
def apart(score: FloatArray, peaks: IntArray, order: IntArray, distance: int, valley: float) -> BoolArray:
    """The peaks that no higher one makes needless: one nearer than a distance, with no valley between them.

    Time O(peaks x distance).

    Args:
        score: shape (steps,).
        peaks: ascending, shape (peaks,).
        order: numbers of the peaks, the highest first.
        distance: steps; peaks that lie this far apart both stay.
        valley: share of the lower peak; where the score falls below it between two peaks, both stay.
    """
    kept = np.ones(peaks.size, np.bool_)
    for k in order:
        if not kept[k]:
            continue
        for way in (-1, 1):
            other, lowest, t = k + way, score[peaks[k]], peaks[k]
            while 0 <= other < peaks.size and abs(peaks[other] - peaks[k]) < distance:
                while t != peaks[other]:
                    t += way
                    lowest = min(lowest, score[t])
                if lowest >= valley * score[peaks[other]]:
                    kept[other] = False
                other += way
    return kept


@numba.njit(cache=True, nogil=True)
def grown(score: FloatArray, peaks: IntArray, level: FloatArray) -> BoolArray:
    """The steps around peaks at which a score holds a level, those of two peaks with a step between them.

    Each peak begins at the highest step between its borders, which are where the score is lowest between two peaks.
    Time O(steps).

    Args:
        score: shape (steps,).
        peaks: ascending, shape (peaks,).
        level: what the score has to hold around each peak.
    """
    inside = np.zeros(score.size, np.bool_)
    low = 0
    for k in range(peaks.size):
        high = score.size
        if k + 1 < peaks.size:
            high = peaks[k] + 1 + np.argmin(score[peaks[k] + 1 : peaks[k + 1] + 1])
        if low < high:
            first = low + np.argmax(score[low:high])
            stop = first
            while stop < high and (stop == first or score[stop] >= level[k]):
                inside[stop] = True
                stop += 1
            start = first - 1
            while start >= low and score[start] >= level[k]:
                inside[start] = True
                start -= 1
        low = high + 1 if high < score.size else high
    return inside
