"""Measure a data set."""

from __future__ import annotations

from segmend.artifacts.fingerprint import Fingerprint
from segmend.core.dataset import Dataset


def fingerprint(data: Dataset) -> Fingerprint:
    """Everything that a plan and the data rules read about a data set, in one pass and constant memory.

    Args:
        data: as ``segmend.load`` gives it.

    Examples:
        >>> facts = fingerprint(segmend.load("ludb/"))  # doctest: +SKIP
        >>> facts.duration.p95  # doctest: +SKIP
        107.0
    """
    from segmend import fingerprinting

    return fingerprinting.fingerprint(data)
