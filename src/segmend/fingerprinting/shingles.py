"""Stretches of samples that two recordings share: overlapping windows, and copies that were cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.artifacts.overlap import Overlap
from segmend.core.recording import Recording
from segmend.core.types import IntArray

WIDTH = 16
"""Steps (pixels of a row) of a shingle."""

DIFFERENT = 8
"""Changes from step to step within a shingle, at least: what is held, zero or padded is alike by chance."""

LOOK = 1 << 16
"""Steps (pixels) of a recording that are looked at, at most."""

KEPT = 1 << 18
"""Shingles of all recordings that are kept, at most, about."""

CHANNELS = 32

FEWEST = 8
"""Shingles that two recordings must share at one distance."""

NEXT = 8
"""Recordings with the same shingle that are compared, at most."""

COLUMNS = 1 << 20
"""Columns of an image, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Shingles:
    """What is kept of one recording: hashes of some shingles, and where they begin, shape (n,) each."""

    code: IntArray
    place: IntArray

    @classmethod
    def none(cls) -> Shingles:
        """Of nothing."""
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int64))


def one_in(recordings: Sequence[Recording]) -> int:
    """Which share of shingles is kept, so that those of all recordings fit into memory."""
    return max(1, sum(min(each.steps, LOOK) for each in recordings) // KEPT)


def shingles(recording: Recording, every: int) -> Shingles:
    """Shingles of a recording, one in so many, chosen by what they hold, so that copies keep the same ones.

    Args:
        recording: of a signal or an image; the first 65536 steps (pixels) are looked at.
        every: keep one in so many.

    Source: Broder, On the resemblance and containment of documents, Compression and Complexity of Sequences 1997;
    Manber, Finding similar files in a large file system, USENIX Winter 1994.
    """
    rows = max(1, LOOK // max(1, recording.steps // max(1, recording.shape[0])))
    samples = np.asarray(recording.signal[:rows])[..., :CHANNELS]
    lines = samples[np.newaxis] if samples.ndim == 2 else samples
    if lines.shape[1] < WIDTH or lines.shape[-1] == 0:
        return Shingles.none()
    step = _mixed(np.ascontiguousarray(lines, np.float64).view(np.uint64))
    hashed: IntArray = np.zeros(step.shape[:2], np.uint64)
    for channel in range(step.shape[-1]):
        hashed = _mixed(hashed + step[..., channel])
    changes = np.cumsum(np.pad(hashed[:, 1:] != hashed[:, :-1], ((0, 0), (1, 0))), axis=1)
    many = changes[:, WIDTH - 1 :] - changes[:, : 1 - WIDTH] >= DIFFERENT
    code: IntArray = np.zeros((hashed.shape[0], hashed.shape[1] - WIDTH + 1), np.uint64)
    for offset in range(WIDTH):
        code = code * np.uint64(0x9E3779B97F4A7C15) + hashed[:, offset : offset + code.shape[1]]
    code = _mixed(code)
    line, column = np.nonzero(many & (code % np.uint64(every) == 0))
    return Shingles(code[line, column].view(np.int64), line * COLUMNS + column)


def overlaps(found: Sequence[Shingles], names: Sequence[str], part: IntArray) -> tuple[Overlap, ...]:
    """Pairs of recordings of different parts that share a stretch, those that share most first.

    A stretch counts where eight shingles or more stand at one distance from each other in both, and most of all that
    they share do.

    Args:
        found: of each recording.
        names: of the recordings.
        part: number of the part of the split that each is in; -1 is in none, and shares nothing.
    """
    owner = np.repeat(np.arange(len(found)), [each.code.size for each in found])
    code, place = (np.concatenate([getattr(each, name) for each in found]) for name in ("code", "place"))
    keep = part[owner] >= 0
    owner, code, place = owner[keep], code[keep], place[keep]
    order = np.lexsort((owner, code))
    owner, code, place = owner[order], code[order], place[order]
    met = []
    for ahead in range(1, min(NEXT, code.size - 1) + 1):
        same = (code[ahead:] == code[:-ahead]) & (part[owner[ahead:]] != part[owner[:-ahead]])
        at = np.flatnonzero(same)
        met.append(np.stack([owner[at], owner[at + ahead], place[at + ahead] - place[at]]))
    if not met:
        return ()
    pairs, times = np.unique(np.concatenate(met, axis=1), axis=1, return_counts=True)
    return _listed(pairs, times, names)


def _listed(pairs: IntArray, times: IntArray, names: Sequence[str]) -> tuple[Overlap, ...]:
    """Of each pair the distance that most shingles have."""
    if not times.size:
        return ()
    _, which, total = np.unique(pairs[:2], axis=1, return_inverse=True, return_counts=True)
    which = which.reshape(-1)
    whole = np.bincount(which, times, minlength=total.size)
    best = np.zeros(total.size, np.int64)
    np.maximum.at(best, which, times)
    kept = np.flatnonzero((times == best[which]) & (times >= FEWEST) & (2 * times > whole[which]))
    kept = kept[np.argsort(-times[kept], kind="stable")]
    return tuple(
        Overlap(one=names[pairs[0, k]], other=names[pairs[1, k]], shingles=int(times[k])) for k in kept.tolist()
    )


def _mixed(words: IntArray) -> IntArray:
    """Each word with all its bits spread over it.

    Source: Steele, Lea, Flood, Fast splittable pseudorandom number generators, OOPSLA 2014 (its finalizer).
    """
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: IntArray = words ^ (words >> np.uint64(31))
    return mixed
