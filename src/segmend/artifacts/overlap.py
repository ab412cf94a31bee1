"""Recordings that share samples."""

from __future__ import annotations

from segmend.artifacts.base import Artifact


class Overlap(Artifact):
    """Two recordings of different parts of a split that share a stretch of the very same samples.

    Attributes:
        one, other: their names.
        shingles: stretches of 16 steps (pixels of a row) that they share at one distance, of those that were kept.
    """

    one: str
    other: str
    shingles: int
