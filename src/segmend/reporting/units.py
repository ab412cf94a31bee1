"""What is judged one by one, of all recordings in one row: steps, pixels, or whole recordings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from segmend.core.labels import IGNORE
from segmend.core.types import BoolArray, IntArray
from segmend.reporting.content import ReportContent

MOST = 200_000


def every(content: ReportContent, most: int = MOST) -> int:
    """Of so many units one is read, so that about ``most`` are."""
    return max(1, -(-sum(content.steps) // most))


def flat(rows: Sequence[npt.NDArray[Any]], rank: int, stride: int = 1) -> npt.NDArray[Any]:
    """Spatial axes of all recordings in one axis, read at every ``stride``-th unit of each recording.

    >>> flat([np.array([[1, 2], [3, 4]]), np.array([[5, 6]])], 2).tolist()
    [1, 2, 3, 4, 5, 6]
    >>> flat([np.array(1), np.array(0)], 0).tolist()
    [1, 0]
    """
    return np.concatenate([np.asarray(row).reshape(-1, *np.shape(row)[rank:])[::stride] for row in rows])


def belongs(true: IntArray, k: int) -> tuple[BoolArray, BoolArray]:
    """Whether each unit is of class k, and whether that is known; ``true`` as ``flat`` gives it."""
    column = true[:, k] if true.ndim == 2 else true
    return column == (1 if true.ndim == 2 else k), column != IGNORE
