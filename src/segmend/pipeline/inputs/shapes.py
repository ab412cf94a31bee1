"""The shape that recordings have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def common_shape(x: Sequence[Any]) -> tuple[int | None, ...]:
    """Shape of recordings (*spatial, channels), None where they differ; empty where they differ in rank.

    Examples:
        >>> import numpy as np
        >>> common_shape([np.zeros((50, 2)), np.zeros((70, 2))])
        (None, 2)
    """
    shapes = {tuple(rows.shape) for rows in x}
    if len({len(shape) for shape in shapes}) != 1:
        return ()
    return tuple(sizes[0] if len(set(sizes)) == 1 else None for sizes in zip(*shapes, strict=True))
