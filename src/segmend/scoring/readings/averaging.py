"""One number from the readings of several classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from segmend.scoring.readings.counts import Counts, Where, divide

Average = Literal["micro", "macro", "weighted"]
Add = Callable[[Any], Any]


def add_last(values: Any) -> Any:
    """The sum over the last axis, by the array's own method."""
    return values.sum(-1)


def averaged(
    read: Callable[..., Any],
    counts: Counts,
    average: Average | None = "macro",
    *,
    where: Where | None = None,
    add: Add = add_last,
) -> Any:
    """A reading of each class, averaged over the classes on the last axis.

    Args:
        read: a reading such as ``f1``.
        counts: each of shape (..., classes).
        average: "macro" is the mean over the classes where the reading is defined, "weighted" the mean by how often a
            class is there, "micro" the reading of the summed counts; None leaves the classes apart.
        where: see ``divide``.
        add: the sum over the last axis, for libraries whose arrays have no method ``sum``.

    Examples:
        >>> import numpy as np
        >>> from segmend.scoring.readings import recall
        >>> counts = Counts(tp=np.array([9, 1, 0]), fp=np.array([1, 0, 0]), fn=np.array([0, 1, 0]))
        >>> [round(float(averaged(recall, counts, average)), 3) for average in ("macro", "micro", "weighted")]
        [0.75, 0.909, 0.909]
    """
    if average == "micro":
        return read(Counts(*(None if column is None else add(column) for column in counts)), where=where)
    values = read(counts, where=where)
    if average is None:
        return values
    share = counts.tp + counts.fn if average == "weighted" else 0 * counts.tp + 1
    return mean_known(values, share, where=where, add=add)


def mean_known(values: Any, share: Any, *, where: Where | None = None, add: Add = add_last) -> Any:
    """The mean over the last axis of what is no NaN, by shares; NaN where nothing is left."""
    where = where or values.__array_namespace__().where
    known = values == values  # NaN is not equal to itself, in every array library
    return divide(add(where(known, share * values, 0.0)), add(where(known, share, 0 * share)), where=where)
