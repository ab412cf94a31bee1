"""Strides and dilations: how coarse the model's grid is and how far it sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Choice
from segmend.core.stages import field_of_stages
from segmend.planning.check import total_stride
from segmend.planning.reach import band, carries_width, grid_stride
from segmend.planning.sides import task_of

KERNEL = 3
MOST_DILATIONS = 26
MOST_HALVINGS = 4
LEAST_COARSE = 4
"""Pixels that the coarsest grid of a window keeps along a side."""

Stages = list[dict[str, int]]


def choose_stride(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """The sampling rate that the shortest segments and gaps need; most of the network works at it.

    Signals are not resampled beforehand: the network's first convolutions go by strides, and are longer than these, so
    that they learn what to keep where a fixed filter against aliasing would only blur; its last ones go back to the
    recording's own steps, beside what those were where ``detail`` says so.
    """
    task = task_of(facts)
    if task.kind == "classification":
        because = (
            f"not used: {task.holders} are seen at their own rate; one label does not tell how short its marks are"
        )
        return Choice(value=1, because=because, source="task")
    if task.rank > 1:
        because = "not used: images are seen on the grids of all stages, the finest among them"
        return Choice(value=1, because=because, source="task")
    if chosen.get("model.stages"):
        because = "that of the stages that were given"
        return Choice(value=total_stride(chosen["model.stages"]), because=because, source="model.stages")
    stride, because = grid_stride(facts)
    return Choice(value=stride, because=because, source="classes.duration, gap.p5, sampling_rate_hz")


def choose_stages(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """The stride in a few rounds, then doubling dilations until the field is in the band.

    Among the fields within the band (and the window), the widest is taken where segments are many, since what one is
    often shows in its neighbours; the shortest where they are few, or the order of things is learnt by heart.
    """
    task = task_of(facts)
    if task.kind == "classification":
        return Choice(value=[], because="not used: the depth says how deep the network is", source="task")
    if task.rank > 1:
        return _halvings(facts, int(chosen["window.length"]))
    stride = int(chosen["model.stride"])
    low, high = band(facts)
    window = int(chosen["window.length"])
    every = dilated_stacks(stride, last_kernel=KERNEL if chosen["model.detail"] else 1)
    fitting = [(size, stages) for size, stages in every if size <= min(high, window)]
    within = [(size, stages) for size, stages in fitting if size >= low]
    wide = carries_width(facts) or not within
    size, stages = (within[0] if not wide else fitting[-1]) if fitting else every[0]
    pick = f"{'wide' if wide else 'short'}, for {facts.segments} segments"
    because = f"a grid of {stride} steps; field of {size} steps, {_verdict(size, low, high, window)}; {pick}"
    return Choice(value=stages, because=because, source="duration, gap, segments, window.length, model.stride")


def _halvings(facts: Fingerprint, window: int) -> Choice:
    """Grids each half as fine, down and back, until the field holds twice the largest objects."""
    wanted = 2 * (facts.duration.p95 or window / 2)
    most = max(1, min(MOST_HALVINGS, (window // LEAST_COARSE).bit_length() - 1))
    every = [(field_of_stages(stages).size or 0, stages) for stages in map(down_and_back, range(1, most + 1))]
    size, stages = next(((size, stages) for size, stages in every if size >= wanted), every[-1])
    halvings = sum(stage.get("stride", 1) > 1 for stage in stages)
    because = f"{halvings} halvings give a field of {size} pixels; twice the largest objects are {wanted:.0f}"
    return Choice(value=stages, because=because, source="duration.p95, window.length")


def down_and_back(levels: int) -> Stages:
    """Two convolutions on each grid, the one that goes down or up included."""
    plain = {"kernel": KERNEL}
    down, up = [{"kernel": 4, "stride": 2}, plain], [{"kernel": KERNEL, "up": 2}, plain]
    return [dict(stage) for stage in [plain, plain, *down * levels, *up * levels]]


def _verdict(size: int, low: float, high: float, window: int) -> str:
    """How the field lies to its band, and which cap applied."""
    bounds = f"{low:.0f} (1.5 x p95 of length) and {high:.0f} (4 x (p95 + median gap))"
    if low <= size <= high:
        return f"between {bounds}"
    if size > high:
        return f"the shortest there is, above {bounds}"
    return f"capped by the window of {window} steps: between {bounds} it should lie"


def dilated_stacks(stride: int, last_kernel: int) -> list[tuple[int, Stages]]:
    """Stacks of none to many dilations with the size of their field, from short to long."""
    found = []
    for depth in range(MOST_DILATIONS + 1):
        stages = [*_stem(stride), *_dilated(depth), *([{"kernel": last_kernel, "up": stride}] if stride > 1 else [])]
        found.append((field_of_stages(stages).size or 0, stages))
    return found


def _stem(stride: int) -> Stages:
    """Strides in at most three rounds, a convolution on each grid; without a stride one convolution."""
    if stride == 1:
        return [{"kernel": KERNEL}]
    rounds = [{"kernel": 2 * factor + 1, "stride": factor} for factor in in_rounds(stride)]
    return [stage for down in rounds for stage in (down, {"kernel": KERNEL})]


def in_rounds(stride: int, most: int = 3) -> list[int]:
    """Factors of a stride, as even as its primes allow, the largest first.

    Examples:
        >>> in_rounds(4), in_rounds(16), in_rounds(30), in_rounds(7)
        ([2, 2], [4, 2, 2], [5, 3, 2], [7])
    """
    factors, prime = [], 2
    while stride > 1:
        while stride % prime == 0:
            factors.append(prime)
            stride //= prime
        prime += 1
    while len(factors) > most:
        first, second, *factors = sorted(factors)
        factors.append(first * second)
    return sorted(factors, reverse=True)


def _dilated(depth: int) -> Stages:
    """Doubling dilations, each size of stack in two lengths: with the widest dilation once, and twice."""
    single = [{"kernel": KERNEL, "dilation": 2**level} for level in range((depth + 1) // 2)]
    return [*single, *single[-1:]] if depth and depth % 2 == 0 else single
