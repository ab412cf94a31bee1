"""One pass over a recording's samples in constant memory."""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from segmend.artifacts.fingerprint import ChannelFacts
from segmend.core.recording import Recording
from segmend.core.types import BoolArray, IntArray
from segmend.fingerprinting.moments import Moments

CHUNK = 1 << 17
"""Samples looked at together: 1 MiB as float64, which stays in the processor's cache."""

Progress = Callable[[int, int], None]
"""Called with the number of recordings done and their total."""


@dataclass(frozen=True, slots=True, eq=False)
class SignalFacts:
    """One recording's samples.

    Attributes:
        moments: of the finite samples.
        non_finite: number of NaN and infinite samples per channel, shape (channels,).
        first_non_finite: step and channel number of the first of them in time.
        flat: channels that never change, shape (channels,).
        digest: hash of the samples as stored.
    """

    moments: Moments
    non_finite: IntArray
    first_non_finite: tuple[int, int] | None
    flat: BoolArray
    digest: str


def scan_all(recordings: Sequence[Recording], progress: Progress | None = None) -> list[SignalFacts]:
    """The facts of every recording, several at a time: NumPy and hashing leave the interpreter lock."""
    workers = max(1, min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1))
    facts = []
    with ThreadPoolExecutor(workers) as pool:
        for done, each in enumerate(pool.map(scan, recordings), start=1):
            facts.append(each)
            if progress is not None:
                progress(done, len(recordings))
    return facts


def scan(recording: Recording) -> SignalFacts:
    """The facts of one recording."""
    *shape, channels = recording.signal.shape
    said = " ".join(map(str, (recording.signal.dtype.str, *shape, channels)))
    digest = hashlib.blake2b(said.encode(), digest_size=16)
    moments = Moments.none(channels)
    non_finite = np.zeros(channels, np.int64)
    first: tuple[int, int] | None = None
    row = math.prod(shape[1:])
    rows = max(1, CHUNK // (row * channels))
    for start in range(0, shape[0], rows):
        stored = np.ascontiguousarray(recording.signal[start : start + rows]).reshape(-1, channels)
        digest.update(stored.data)
        chunk = Moments.of(stored)
        moments = moments.join(chunk)
        missing = len(stored) - chunk.count
        if missing.any():
            if first is None:
                step, channel = np.argwhere(~np.isfinite(stored))[0].tolist()
                first = (start * row + step, channel)
            non_finite += missing
    flat = (moments.low == moments.high) & (moments.count > 1)
    return SignalFacts(moments, non_finite, first, flat, digest.hexdigest())


def channel_facts(
    names: Sequence[str], recordings: Sequence[Recording], facts: Sequence[SignalFacts]
) -> tuple[ChannelFacts, ...]:
    """One entry per channel, over all recordings."""
    whole = Moments.none(len(names))
    for each in facts:
        whole = whole.join(each.moments)
    bad = sum((each.non_finite for each in facts), np.zeros(len(names), np.int64))
    return tuple(
        ChannelFacts(
            name=name,
            mean=float(whole.mean[k]) if whole.count[k] else None,
            std=float(whole.std[k]) if whole.count[k] else None,
            min=float(whole.low[k]) if whole.count[k] else None,
            max=float(whole.high[k]) if whole.count[k] else None,
            flat=tuple(recording.name for recording, each in zip(recordings, facts, strict=True) if each.flat[k]),
            non_finite=int(bad[k]),
        )
        for k, name in enumerate(names)
    )
