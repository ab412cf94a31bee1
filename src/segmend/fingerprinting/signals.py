"""One pass over a recording's samples in constant memory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from segmend.artifacts.fingerprint import ChannelFacts
from segmend.core.ends import repeated
from segmend.core.recording import Recording
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.fingerprinting.digest import Digest
from segmend.fingerprinting.levels import evenness
from segmend.fingerprinting.moments import Moments
from segmend.fingerprinting.noise import medians, noise

CHUNK = 1 << 18
"""Samples looked at together: 2 MiB as float64, which stay in the processor's cache."""

LOOKS = 4
"""Chunks of one recording in which noise is estimated, at most."""

SAMPLES = 1 << 12
"""Steps of one recording in which noise is estimated, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class SignalFacts:
    """One recording's samples.

    Attributes:
        moments: of the finite samples.
        non_finite: number of NaN and infinite samples per channel, shape (channels,).
        first_non_finite: step and channel number of the first of them in time.
        flat: channels that never change, shape (channels,).
        digest: hash of the samples as stored.
        noise: standard deviation of what changes from step to step, shape (channels,); NaN where that cannot be told.
        padding: steps at the end that hold one and the same value.
        evenness: the least spread among four quarters over their mean, shape (channels,); NaN as for noise.
    """

    moments: Moments
    non_finite: IntArray
    first_non_finite: tuple[int, int] | None
    flat: BoolArray
    digest: str
    noise: FloatArray
    evenness: FloatArray
    padding: int = 0


def scan(recording: Recording) -> SignalFacts:
    """The facts of one recording."""
    *shape, channels = recording.signal.shape
    digest = Digest(" ".join(map(str, (recording.signal.dtype.str, *shape, channels))))
    moments = Moments.none(channels)
    non_finite = np.zeros(channels, np.int64)
    first: tuple[int, int] | None = None
    row = math.prod(shape[1:])
    rows = max(1, CHUNK // max(1, row * channels))
    scratch = np.empty(min(rows, shape[0]) * row * channels)
    looks = []
    chunks = -(-shape[0] // rows)
    every = -(-chunks // LOOKS)  # so that no more than LOOKS of them are looked at
    seen = max(3, SAMPLES // max(1, row * min(chunks, LOOKS)))
    for number, start in enumerate(range(0, shape[0], rows)):
        grid = np.ascontiguousarray(recording.signal[start : start + rows])
        stored = grid.reshape(-1, channels)
        digest.update(stored)
        chunk = Moments.of(stored, scratch)
        moments = moments.join(chunk)
        if number % every == 0:
            looks.append(noise(grid[:seen]))
        missing = len(stored) - chunk.count
        if missing.any():
            first = first or _first_missing(stored, start * row)
            non_finite += missing
    flat = (moments.low == moments.high) & (moments.count > 1)
    spread = medians(np.stack(looks)) if looks else np.full(channels, np.nan)
    tail = np.asarray(recording.signal[max(0, shape[0] - rows) :])
    tail = tail.reshape(len(tail), -1)
    padding = repeated(tail, tail[-1:])
    return SignalFacts(moments, non_finite, first, flat, digest.text(), spread, evenness(recording.signal), padding)


def _first_missing(stored: npt.NDArray[Any], before: int) -> tuple[int, int]:
    """Step and channel of the first sample of a chunk that is not finite."""
    step, channel = np.argwhere(~np.isfinite(stored))[0].tolist()
    return before + step, channel


def channel_facts(
    names: Sequence[str], recordings: Sequence[Recording], facts: Sequence[SignalFacts]
) -> tuple[ChannelFacts, ...]:
    """One entry per channel, over all recordings."""
    whole = Moments.none(len(names))
    for each in facts:
        whole = whole.join(each.moments)
    bad = sum((each.non_finite for each in facts), np.zeros(len(names), np.int64))
    none = np.full(len(names), np.nan)
    spreads = medians(np.stack([none, *(each.noise for each in facts)]))
    even = medians(np.stack([none, *(each.evenness for each in facts)]))
    return tuple(
        ChannelFacts(
            name=name,
            mean=float(whole.mean[k]) if whole.count[k] else None,
            std=float(whole.std[k]) if whole.count[k] else None,
            min=float(whole.low[k]) if whole.count[k] else None,
            max=float(whole.high[k]) if whole.count[k] else None,
            flat=tuple(recording.name for recording, each in zip(recordings, facts, strict=True) if each.flat[k]),
            non_finite=int(bad[k]),
            noise=_known(float(spreads[k])),
            evenness=_known(float(even[k])),
        )
        for k, name in enumerate(names)
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
