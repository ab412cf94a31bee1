"""How far a model should see, how coarse its grid may be, how long a window may get: what several decisions share."""

from __future__ import annotations

import math

from segmend.artifacts.fingerprint import Fingerprint

SEVERAL = 4
"""Grid steps that the shortest segments (5th percentile of the shortest class) must still span; gaps half as many.

Two samples are the least that shows something to be there (Nyquist): gaps keep these, and segments, whose class is to
be told as well, twice as many.
"""

MOST_STRIDE = 32
MOST_GRID_STEPS = 8192
"""Grid steps in a window that keep one batch of activations below about half a gigabyte."""

LEAST_GRID_STEPS = 128
"""Grid steps of a window; a quarter of them where segments are few."""

FEW_SEGMENTS = 100
"""Segments with fewer than which a window should fit into one."""

FINE = 16
"""Grid steps in the shortest segments from which on a border to the nearest grid step is sharp enough."""

MANY_SEGMENTS = 500
"""Segments that carry a wide field; with fewer, a wide field learns the order of things by heart."""

SEEN_OFTEN = 5
"""Segments that a class needs before its shortest ones say anything."""


def band(facts: Fingerprint) -> tuple[float, float]:
    """Lower and upper bound of a receptive field in steps: 1.5 x p95 of length, and 4 x (p95 + median gap).

    Without a segment to measure, a band from 16 to 64 steps.
    """
    longest = facts.duration.p95
    if not longest:
        return 16.0, 64.0
    return 1.5 * longest, 4.0 * (longest + (facts.gap.p50 or 0.0))


def carries_width(facts: Fingerprint) -> bool:
    """Whether there are segments enough to use context well."""
    return facts.segments >= MANY_SEGMENTS


def shortest_segment(facts: Fingerprint) -> float | None:
    """The smallest 5th percentile of segment length over the classes that are seen often enough."""
    lengths = [c.duration.p5 for c in facts.classes if c.segments >= SEEN_OFTEN and c.duration.p5 is not None]
    return min(lengths) if lengths else facts.duration.p5


def shortest_gap(facts: Fingerprint) -> float | None:
    """The 5th percentile of the background between segments; None where nothing separates them."""
    return facts.gap.p5 if facts.background is not None and facts.gap.p5 else None


def grid_stride(facts: Fingerprint) -> tuple[int, str]:
    """Steps per grid step, a power of two, and why.

    Examples:
        >>> from segmend.artifacts.fingerprint import Fingerprint, Quantiles
        >>> about = {"task": {}, "labels": ("a", "b"), "background": None, "background_share": 0.0, "steps": 900}
        >>> about |= {"measured_on": "all", "recordings": (), "channels": (), "classes": (), "segments": 9}
        >>> facts = Fingerprint(**about, sampling_rate_hz=500.0, duration=Quantiles(p5=35.0), gap=Quantiles())
        >>> grid_stride(facts)
        (8, 'one step in 8 (62.5 of 500 Hz): the shortest segments (35 steps) keep 4 or more')

    Source:
        Shannon 1949, "Communication in the presence of noise".
    """
    segment, gap = shortest_segment(facts), shortest_gap(facts)
    if not segment:
        return 1, "every step: there is no segment to measure"
    room, what, kept = segment / SEVERAL, f"the shortest segments ({segment:.0f} steps)", SEVERAL
    if gap is not None and gap / (SEVERAL / 2) < room:
        room, what, kept = gap / (SEVERAL / 2), f"the shortest gaps ({gap:.0f} steps)", SEVERAL // 2
    stride = 2 ** max(0, min(int(math.log2(MOST_STRIDE)), math.floor(math.log2(max(room, 1.0)))))
    if stride == 1:
        return 1, f"every step: {what} would not keep {kept} steps at a lower rate"
    hertz = facts.sampling_rate_hz
    told = "" if hertz is None else f" ({hertz / stride:g} of {hertz:g} Hz)"
    return stride, f"one step in {stride}{told}: {what} keep {kept} or more"


def most_window(facts: Fingerprint, stride: int) -> tuple[int, str]:
    """The longest sensible window in steps, a multiple of the stride, and what limits it.

    Few segments in long windows are learnt by heart, order and neighbours included; windows that fit into most of
    them show many insides instead.
    """
    longest = max((r.steps for r in facts.recordings if r.role in (None, "train")), default=0)
    longest = longest or max((r.steps for r in facts.recordings), default=stride)
    limits = {
        f"memory ({MOST_GRID_STEPS} grid steps of {stride})": MOST_GRID_STEPS * stride,
        f"the longest recording ({longest} steps)": longest,
    }
    if facts.segments < FEW_SEGMENTS and facts.duration.p25:
        inside = max(facts.duration.p25, LEAST_GRID_STEPS / 4 * stride)
        limits[f"{facts.segments} segments: no longer than three in four of them last"] = math.ceil(inside)
    limit = min(limits, key=lambda name: limits[name])
    return round_up(limits[limit], stride), limit


def round_up(steps: float, multiple: int) -> int:
    """The next multiple, at least one.

    Examples:
        >>> round_up(1001, 4), round_up(0, 4)
        (1004, 4)
    """
    return max(1, math.ceil(steps / multiple)) * multiple
