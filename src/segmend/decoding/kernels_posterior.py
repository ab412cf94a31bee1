"""Compiled sampling of segmentations; imported by decoders only when they decode.

Weights are natural logarithms, and what cannot be has the weight ``NEVER``, which is finite so that sums stay numbers.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

from segmend.core.types import FloatArray, IntArray

NEVER = -1e30


class Model(NamedTuple):
    """Weights of segmentations of one recording, but for the score of each step.

    Attributes:
        edge: of a segment beginning at each step, shape (steps,); the first is not read.
        duration: of 1, 2, ... steps, shape (classes, longest).
        shown: durations up to this are read off ``duration``; longer ones go on with ``slope``; shape (classes,).
        slope: of each step beyond ``shown``, shape (classes,).
        follow: of class b after class a, shape (classes, classes); ``NEVER`` on the diagonal.
        begin: of the first segment's class, shape (classes,).
        end: of the last segment's class, shape (classes,).
        occurrence: of 0, 1, ... segments of a class, shape (classes, most + 1); more count as the last.
    """

    edge: FloatArray
    duration: FloatArray
    shown: IntArray
    slope: FloatArray
    follow: FloatArray
    begin: FloatArray
    end: FloatArray
    occurrence: FloatArray


class Sums(NamedTuple):
    """Summed weights of all segmentations of each beginning of a recording, occurrences left out.

    Attributes:
        entry: of all that stands before a segment that begins at t, less the score of its class up to t, shape
            (classes, steps + 1).
        tail: the same for segments longer than shown that end at t.
        closed: of all segmentations whose last segment ends at t.
    """

    entry: FloatArray
    tail: FloatArray
    closed: FloatArray


@numba.njit(cache=True, nogil=True, fastmath=True)
def _log_sum(entry: FloatArray, duration: FloatArray, stop: int, shown: int, tail: float) -> float:
    """Log of the summed weights of all durations of a segment that ends at ``stop``."""
    top = tail
    for d in range(1, min(stop, shown) + 1):
        top = max(top, entry[stop - d] + duration[d - 1])
    total = np.exp(tail - top)
    for d in range(1, min(stop, shown) + 1):
        total += np.exp(entry[stop - d] + duration[d - 1] - top)
    return top + np.log(total)


@numba.njit(cache=True, nogil=True, fastmath=True)
def forward(score: FloatArray, model: Model) -> Sums:
    """Sum the weights of all segmentations from the beginning on.

    Time O(steps x (sum of explicit durations + classes^2)), memory O(steps x classes).

    Args:
        score: shape (steps, classes).
        model: all other weights; ``end`` and ``occurrence`` are not read.
    """
    steps, classes = score.shape
    total = np.zeros(classes)
    entry = np.full((classes, steps + 1), NEVER)
    tail = np.full((classes, steps + 1), NEVER)
    closed = np.full((classes, steps + 1), NEVER)
    entry[:, 0] = model.begin
    for t in range(1, steps + 1):
        for c in range(classes):
            total[c] += score[t - 1, c]
            n = model.shown[c]
            if t > n:
                stay, fresh = tail[c, t - 1], entry[c, t - n - 1] + model.duration[c, n - 1]
                top = max(stay, fresh)
                tail[c, t] = top + np.log(np.exp(stay - top) + np.exp(fresh - top)) + model.slope[c]
            closed[c, t] = total[c] + _log_sum(entry[c], model.duration[c], t, n, tail[c, t])
        if t == steps:
            break
        for c in range(classes):
            top = NEVER
            for a in range(classes):
                top = max(top, closed[a, t] + model.follow[a, c])
            summed = 0.0
            for a in range(classes):
                summed += np.exp(closed[a, t] + model.follow[a, c] - top)
            entry[c, t] = top + np.log(summed) + model.edge[t] - total[c]
    return Sums(entry, tail, closed)


@numba.njit(cache=True, nogil=True)
def _pick(weight: FloatArray, rng: np.random.Generator) -> int:
    """A position drawn with probabilities proportional to exp(weight)."""
    share = np.exp(weight - weight.max())
    left = rng.random() * share.sum()
    for k in range(share.size - 1):
        left -= share[k]
        if left < 0:
            return k
    return int(share.size - 1)


@numba.njit(cache=True, nogil=True)
def _draw_start(sums: Sums, model: Model, c: int, stop: int, rng: np.random.Generator) -> int:
    """Where a segment of class c that ends at ``stop`` began."""
    entry, tail, shown = sums.entry[c], sums.tail[c], model.shown[c]
    reach = min(stop, shown)
    weight = np.empty(reach + 1)
    weight[0] = tail[stop]
    for d in range(1, reach + 1):
        weight[d] = entry[stop - d] + model.duration[c, d - 1]
    d = _pick(weight, rng)
    if d > 0:
        return int(stop - d)
    t = stop
    last = model.duration[c, shown - 1] + model.slope[c]
    while rng.random() >= np.exp(entry[t - shown - 1] + last - tail[t]):
        t -= 1
    return int(t - shown - 1)


@numba.njit(cache=True, nogil=True)
def draw_paths(sums: Sums, model: Model, draws: int, rng: np.random.Generator) -> IntArray:
    """Segmentations drawn with probabilities proportional to their weights, from the end to the beginning.

    Args:
        sums: as ``forward`` returns them.
        model: as ``forward`` took it; ``occurrence`` is not read.
        draws: number of segmentations.
        rng: source of randomness.

    Returns:
        Class of each step, shape (draws, steps).
    """
    steps = sums.closed.shape[1] - 1
    paths = np.empty((draws, steps), np.int32)
    for k in range(draws):
        stop = steps
        after = -1
        while stop > 0:
            c = _pick(sums.closed[:, stop] + (model.end if after < 0 else model.follow[:, after]), rng)
            start = _draw_start(sums, model, c, stop, rng)
            paths[k, start:stop] = c
            after = c
            stop = start
    return paths


@numba.njit(cache=True, nogil=True)
def structure(path: IntArray, model: Model, regard: float) -> float:
    """Weight of a segmentation without its score: durations, transitions, borders and occurrences.

    Args:
        path: class of each step, shape (steps,).
        model: the weights.
        regard: factor on the weight of occurrences.
    """
    count = np.zeros(model.begin.size, np.int64)
    total = model.begin[path[0]]
    start = 0
    for t in range(1, path.size + 1):
        if t < path.size and path[t] == path[start]:
            continue
        c, d = path[start], t - start
        total += model.duration[c, min(d, model.shown[c]) - 1] + model.slope[c] * max(d - model.shown[c], 0)
        total += model.end[c] if t == path.size else model.follow[c, path[t]] + model.edge[t]
        count[c] += 1
        start = t
    for c in range(count.size):
        total += regard * model.occurrence[c, min(count[c], model.occurrence.shape[1] - 1)]
    return total


@numba.njit(cache=True, nogil=True)
def _exchange(paths: IntArray, weight: FloatArray, model: Model, regard: float, rng: np.random.Generator) -> None:
    """Let each segmentation swap a stretch with another one where both agree, as often as their weights allow.

    What agrees agrees after the swap too, and scores of steps are swapped whole, so the ratio of weights alone decides
    (Metropolis et al. 1953), and the population keeps its distribution.
    """
    draws, steps = paths.shape
    order = np.arange(draws)
    rng.shuffle(order)
    for h in range(draws // 2):
        a, b = order[2 * h], order[2 * h + 1]
        same = np.flatnonzero(paths[a] == paths[b])
        if same.size in (0, steps):
            continue
        first = rng.integers(-1, same.size)
        last = first + 1 + rng.integers(0, same.size - first)
        low = same[first] if first >= 0 else 0
        high = same[last] if last < same.size else steps
        x, y = paths[a].copy(), paths[b].copy()
        x[low:high], y[low:high] = paths[b, low:high], paths[a, low:high]
        new_a, new_b = structure(x, model, regard), structure(y, model, regard)
        if np.log(rng.random()) < new_a + new_b - weight[a] - weight[b]:
            paths[a], paths[b] = x, y
            weight[a], weight[b] = new_a, new_b


@numba.njit(cache=True, nogil=True)
def anneal(paths: IntArray, model: Model, stages: int, rounds: int, rng: np.random.Generator) -> IntArray:
    """Segmentations drawn without regard to how often a class occurs, made into draws that regard it.

    The weight of occurrences grows in stages; in each, segmentations are drawn again by what was added, and then
    exchange stretches, so that copies become different (a sequential Monte Carlo sampler; Del Moral et al. 2006).

    Args:
        paths: shape (draws, steps), as ``draw_paths`` returns them.
        model: the weights that they were drawn with.
        stages: how many.
        rounds: exchanges of each segmentation in a stage.
        rng: source of randomness.

    Returns:
        Class of each step, shape (draws, steps).
    """
    draws = paths.shape[0]
    weight = np.empty(draws)
    share = np.empty(draws)
    for stage in range(1, stages + 1):
        regard = stage / stages
        for k in range(draws):
            weight[k] = structure(paths[k], model, regard)
            share[k] = weight[k] - structure(paths[k], model, regard - 1 / stages)
        share = np.cumsum(np.exp(share - share.max()))
        place = (np.arange(draws) + rng.random()) / draws * share[-1]
        picked = np.minimum(np.searchsorted(share, place), draws - 1)
        paths, weight = paths[picked], weight[picked]
        for _ in range(rounds):
            _exchange(paths, weight, model, regard, rng)
    return paths
