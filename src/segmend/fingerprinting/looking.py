"""One look at each recording: its samples scanned, and features taken where a separability floor wants them."""

from __future__ import annotations

import dataclasses
import mmap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from segmend.core.recording import Recording
from segmend.fingerprinting.parallel import Progress, in_parallel
from segmend.fingerprinting.sampling import Rows, Sampler
from segmend.fingerprinting.signals import SignalFacts, scan

AT_ONCE = 1 << 22
"""Bytes of a recording up to which it is read, and decoded, once for all looks."""


def look(
    recordings: Sequence[Recording], sampler: Sampler | None, sampled: Sequence[str], progress: Progress | None
) -> tuple[list[SignalFacts], dict[str, Rows]]:
    """The facts of every recording, and the rows of those that are sampled, by name.

    Args:
        recordings: all of them.
        sampler: measures features; None measures none.
        sampled: names of the recordings that it looks at.
        progress: called with the number of recordings done and their total.
    """
    numbers = {name: number for number, name in enumerate(sampled)} if sampler is not None else {}
    found = in_parallel(lambda each: _look(each, sampler, numbers), recordings, progress)
    rows = {each.name: row for each, (_, row) in zip(recordings, found, strict=True) if row is not None}
    return [facts for facts, _ in found], rows


def _look(recording: Recording, sampler: Sampler | None, numbers: Mapping[str, int]) -> tuple[SignalFacts, Rows | None]:
    number = numbers.get(recording.name)
    stored = recording.signal
    try:
        return _both(recording, sampler, number)
    finally:
        release(stored)


def _both(recording: Recording, sampler: Sampler | None, number: int | None) -> tuple[SignalFacts, Rows | None]:
    if recording.signal.dtype.itemsize * recording.signal.size <= AT_ONCE:
        recording = dataclasses.replace(recording, signal=np.asarray(recording.signal[:]))
    rows = None if sampler is None or number is None else sampler.rows(recording, number)
    return scan(recording), rows


def release(signal: Any) -> None:
    """Let go of the pages of a memory map, which otherwise stay resident as long as the data set does."""
    while signal is not None and not isinstance(signal, mmap.mmap):
        signal = getattr(signal, "base", None)
    if signal is not None and hasattr(mmap, "MADV_DONTNEED"):
        signal.madvise(mmap.MADV_DONTNEED)
