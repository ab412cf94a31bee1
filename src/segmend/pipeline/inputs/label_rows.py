"""What rows of labels hold that should not be there, before anything is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.types import IntArray

NEAR = 1e-3
"""How near to 1 a row of fractions sums."""


def row_facts(y: Sequence[IntArray], axes: int) -> dict[str, Any]:
    """Counts of values and rows of labels as given; rows with -1 are not judged and not counted.

    Args:
        y: labels of each recording.
        axes: how many axes of a recording carry labels.

    Returns:
        "non_finite", "fractional" and "outside" (below 0 or above 1): numbers of values; "rows": of one value for each
        class, 0 where labels have no such axis; "empty": rows of zeros; "several": rows with two or more classes;
        "partial": rows with fractions that do not sum to 1.

    Examples:
        >>> facts = row_facts([np.array([[1, 0], [0, 0], [1, 1]])], 1)
        >>> facts["rows"], facts["empty"], facts["several"], facts["partial"]
        (3, 1, 1, 0)
    """
    counts = dict.fromkeys(("non_finite", "fractional", "outside", "rows", "empty", "several", "partial"), 0)
    for rows in y:
        if rows.dtype.kind not in "biuf":
            continue
        values = rows.astype(np.float64)
        finite = np.isfinite(values)
        known = values[finite & (values != IGNORE)]
        counts["non_finite"] += int((~finite).sum())
        counts["fractional"] += int((known != np.floor(known)).sum())
        counts["outside"] += int(((known < 0) | (known > 1)).sum())
        if rows.ndim == axes + 1 and rows.shape[-1] > 1:
            _count_rows(values.reshape(-1, rows.shape[-1]), counts)
    return counts


def _count_rows(values: Any, counts: dict[str, int]) -> None:
    judged = values[np.isfinite(values).all(axis=1) & (values != IGNORE).all(axis=1)]
    whole = (judged == np.floor(judged)).all(axis=1)
    total = judged.sum(axis=1)
    counts["rows"] += len(judged)
    counts["empty"] += int((judged == 0).all(axis=1).sum())
    counts["several"] += int((whole & (np.count_nonzero(judged, axis=1) > 1)).sum())
    counts["partial"] += int((~whole & (np.abs(total - 1) > NEAR)).sum())
