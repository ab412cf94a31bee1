"""Measure a data set."""

from __future__ import annotations

from segmend.artifacts.fingerprint import Fingerprint
from segmend.core.dataset import Dataset
from segmend.core.task import require_supported


def fingerprint(data: Dataset) -> Fingerprint:
    """Everything that a plan and the data rules read about a data set, in one pass and constant memory.

    Args:
        data: as ``segmend.load`` gives it.

    Raises:
        NotYetError: the task is none that this version measures.

    Examples:
        >>> facts = fingerprint(segmend.load("ludb/"))  # doctest: +SKIP
        >>> facts.duration.p95  # doctest: +SKIP
        107.0
    """
    from segmend import fingerprinting

    require_supported(data.task)
    return fingerprinting.fingerprint(data)
