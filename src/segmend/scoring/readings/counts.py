"""What readings read."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

Where = Callable[[Any, Any, Any], Any]


class Counts(NamedTuple):
    """True positives, false positives, false negatives and true negatives, hard or soft, of any shape.

    Attributes:
        tp, fp, fn: numbers or arrays of one shape.
        tn: None where it has no meaning (segments).
    """

    tp: Any
    fp: Any
    fn: Any
    tn: Any = None


def divide(numerator: Any, denominator: Any, zero_division: float = math.nan, where: Where | None = None) -> Any:
    """The quotient, and ``zero_division`` where the denominator is 0; never a warning.

    Args:
        numerator: a number, or an array of any library.
        denominator: the same.
        zero_division: what an empty class scores.
        where: ``where(condition, a, b)`` of the array library, such as ``keras.ops.where``; not needed for numbers nor
            for arrays that know their namespace (the Python array API).

    Examples:
        >>> divide(1, 2), divide(0, 0), divide(0, 0, zero_division=1.0)
        (0.5, nan, 1.0)
    """
    if isinstance(denominator, int | float):
        return numerator / denominator if denominator else zero_division
    if where is None:
        where = denominator.__array_namespace__().where if hasattr(denominator, "__array_namespace__") else None
    if where is None:
        if not hasattr(denominator, "dtype"):
            raise TypeError(f"divide: expected numbers or arrays. Received {type(denominator).__name__}")
        return numerator / denominator if denominator != 0 else zero_division  # a NumPy scalar before 2.0
    empty = denominator == 0
    return where(empty, zero_division, numerator / where(empty, 1, denominator))
