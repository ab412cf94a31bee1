"""One look at each recording: its samples scanned, and features taken where a separability floor wants them."""

from __future__ import annotations

import dataclasses
import mmap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from segmend.core.recording import Recording
from segmend.fingerprinting.parallel import Progress, in_parallel
from segmend.fingerprinting.rows import Rows
from segmend.fingerprinting.sampling import Sampler
from segmend.fingerprinting.shingles import Shingles, shingles
from segmend.fingerprinting.signals import SignalFacts, scan
from segmend.formats.decoded import Decoded

AT_ONCE = 1 << 22
"""Bytes of a recording up to which it is read, and decoded, once for all looks."""

Looked = tuple[SignalFacts, Rows | None, Shingles]


def look(
    recordings: Sequence[Recording],
    sampler: Sampler | None,
    sampled: Sequence[str],
    progress: Progress | None,
    every: int = 0,
) -> tuple[list[SignalFacts], dict[str, Rows], list[Shingles]]:
    """The facts of every recording, the rows of those that are sampled, by name, and shingles of every recording.

    Args:
        recordings: all of them.
        sampler: measures features; None measures none.
        sampled: names of the recordings that it looks at.
        progress: called with the number of recordings done and their total.
        every: so-many-th shingle is kept; 0 keeps none.
    """
    numbers = {name: number for number, name in enumerate(sampled)} if sampler is not None else {}
    found = in_parallel(lambda each: _look(each, sampler, numbers, every), recordings, progress)
    rows = {each.name: row for each, (_, row, _) in zip(recordings, found, strict=True) if row is not None}
    return [facts for facts, _, _ in found], rows, [shared for _, _, shared in found]


def _look(recording: Recording, sampler: Sampler | None, numbers: Mapping[str, int], every: int) -> Looked:
    number = numbers.get(recording.name)
    stored = recording.signal
    try:
        return _both(recording, sampler, number, every)
    finally:
        release(stored)


def _both(recording: Recording, sampler: Sampler | None, number: int | None, every: int) -> Looked:
    # An image is decoded whole for every part of it that is asked for, unless it is held.
    stored: Any = recording.signal
    if isinstance(stored, Decoded) or stored.dtype.itemsize * stored.size <= AT_ONCE:
        recording = dataclasses.replace(recording, signal=np.asarray(stored[:]))
    rows = None if sampler is None or number is None else sampler.rows(recording, number)
    return scan(recording), rows, shingles(recording, every) if every else Shingles.none()


def release(signal: Any) -> None:
    """Let go of the pages of a memory map, which otherwise stay resident as long as the data set does."""
    while signal is not None and not isinstance(signal, mmap.mmap):
        signal = getattr(signal, "base", None)
    if signal is not None and hasattr(mmap, "MADV_DONTNEED"):
        signal.madvise(mmap.MADV_DONTNEED)
