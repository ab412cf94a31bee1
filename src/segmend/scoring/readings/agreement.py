"""Readings of several classes at once, each step having one: what is left of agreement when chance is taken out."""

from __future__ import annotations

import math
from typing import Any

from segmend.scoring.readings.averaging import Add, add_last, averaged
from segmend.scoring.readings.counts import Counts, Where, divide
from segmend.scoring.readings.overlap import recall


def balanced_accuracy(counts: Counts, *, where: Where | None = None, add: Add = add_last) -> Any:
    """Mean recall of the classes that are there; chance is 1 / classes, whatever their shares.

    Args:
        counts: each class against the rest, shape (..., classes).
        where: see ``divide``.
        add: see ``averaged``.

    Examples:
        >>> import numpy as np
        >>> round(float(balanced_accuracy(Counts(np.array([8, 1]), np.array([1, 0]), np.array([0, 1])))), 3)
        0.75
    """
    return averaged(recall, counts, "macro", where=where, add=add)


def kappa(counts: Counts, *, zero_division: float = math.nan, where: Where | None = None, add: Add = add_last) -> Any:
    """``(agreement - chance) / (1 - chance)``, chance being what the two sides' class shares would give.

    Undefined where both sides hold one and the same class only. Source: Cohen 1960, "A coefficient of agreement for
    nominal scales".

    Examples:
        >>> import numpy as np
        >>> round(float(kappa(Counts(np.array([6, 2]), np.array([1, 1]), np.array([1, 1])))), 3)
        0.524
    """
    right, chance, _, _ = _shares(counts, where, add)
    return divide(right - chance, 1 - chance, zero_division, where)


def matthews(
    counts: Counts, *, zero_division: float = math.nan, where: Where | None = None, add: Add = add_last
) -> Any:
    """Correlation of the two sides, from -1 to 1; with two classes Matthews' coefficient.

    Undefined where one side holds one class only. Source: Gorodkin 2004, "Comparing two K-category assignments by a
    K-category correlation coefficient".

    Examples:
        >>> import numpy as np
        >>> round(float(matthews(Counts(np.array([6, 2]), np.array([1, 1]), np.array([1, 1])))), 3)
        0.524
    """
    right, chance, there, said = _shares(counts, where, add)
    return divide(right - chance, ((1 - there) * (1 - said)) ** 0.5, zero_division, where)


def expected_cost(confusion: Any, cost: Any, *, where: Where | None = None, add: Add = add_last) -> Any:
    """Mean cost of a step.

    Args:
        confusion: steps by reference and predicted class, shape (..., classes, classes).
        cost: what it costs to predict the column's class where the row's is true, shape (classes, classes).
        where: see ``divide``.
        add: see ``averaged``.

    Examples:
        >>> import numpy as np
        >>> float(expected_cost(np.array([[8, 0], [1, 1]]), np.array([[0, 1], [10, 0]])))
        1.0
    """
    return divide(add(add(confusion * cost)), add(add(confusion)), where=where)


def _shares(counts: Counts, where: Where | None, add: Add) -> tuple[Any, Any, Any, Any]:
    """Share that agrees, share that would by chance, and the chance that either side agrees with itself."""
    there, said = counts.tp + counts.fn, counts.tp + counts.fp
    steps = add(there)
    right = divide(add(counts.tp), steps, where=where)

    def product(one: Any, other: Any) -> Any:
        # Divided twice, for the square of the steps may not fit into whole numbers of 32 bits.
        return divide(divide(add(1.0 * one * other), steps, where=where), steps, where=where)

    return right, product(there, said), product(there, there), product(said, said)
