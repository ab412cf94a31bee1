"""Many recordings at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from segmend.core.cores import cores

Progress = Callable[[int, int], None]
"""Called with the number of recordings done and their total."""

MOST = 8
"""Threads, at most: each holds a chunk of a recording."""

Given = TypeVar("Given")
Found = TypeVar("Found")


def in_parallel(
    look: Callable[[Given], Found], recordings: Sequence[Given], progress: Progress | None = None
) -> list[Found]:
    """What is found in each recording, in their order; NumPy and decoders leave the interpreter lock.

    >>> in_parallel(len, ["a", "bcd"])
    [1, 3]
    """
    found = []
    with ThreadPoolExecutor(max(1, min(MOST, cores()))) as pool:
        for done, each in enumerate(pool.map(look, recordings), start=1):
            found.append(each)
            if progress is not None:
                progress(done, len(recordings))
    return found
