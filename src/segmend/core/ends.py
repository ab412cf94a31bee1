"""How recordings end."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.core.types import FloatArray


def repeated(rows: FloatArray, values: Any) -> int:
    """How many steps at the end hold the given values; 0 where fewer than two do, since one may be chance.

    Args:
        rows: shape (steps, values).
        values: one for all columns, or one for each.

    Examples:
        >>> rows = np.array([[1.0], [2.0], [0.0], [0.0]])
        >>> repeated(rows, 0.0), repeated(rows[:2], rows[1])
        (2, 0)
    """
    other = np.flatnonzero((rows != values).any(axis=1))
    steps = len(rows) - 1 - int(other[-1]) if other.size else len(rows)
    return steps if steps > 1 else 0
