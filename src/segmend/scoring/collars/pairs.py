"""One-to-one matchings of events whose ends lie within a collar of each other."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from segmend.core.types import IntArray
from segmend.scoring.collars.windows import Field, both_ends, one_end, turned

Condition = Literal["onset", "offset", "both"]

CONDITIONS: tuple[Condition, ...] = ("onset", "offset", "both")
"""What has to lie within the collar."""


class Pairs(NamedTuple):
    """Rows of the references, ascending, and of the predictions that are matched, shape (pairs,)."""

    reference: IntArray
    prediction: IntArray


def largest(laid: Field, condition: Condition) -> Pairs:
    """A matching with as many pairs as possible; where there are several, one that takes early predictions.

    Windows of predictions are matched in one sweep; what bounds decide beside them is mended by augmenting paths.
    """
    from segmend.scoring.collars.kernels import augment, first_fit

    if condition == "both":
        order, seen, nested = both_ends(laid)
        if nested.any():
            order, seen, nested = both_ends(turned(laid))
    else:
        order, seen = one_end(laid, CONDITIONS.index(condition))
        nested = np.zeros(seen.begin.size, bool)
    partner, owner = first_fit(np.argsort(seen.end, kind="stable"), seen)
    free = np.flatnonzero(nested & (partner < 0))
    if free.size:
        augment(free, seen, partner, owner)
    return _pairs(partner, order)


def in_turn(laid: Field, condition: Condition) -> Pairs:
    """The matching in which each reference, in order of onset, takes the first free prediction that it fits."""
    from segmend.scoring.collars.kernels import first_fit

    order, seen = both_ends(laid)[:2] if condition == "both" else one_end(laid, CONDITIONS.index(condition))
    partner, _ = first_fit(np.lexsort(laid.reference[::-1]), seen)
    return _pairs(partner, order)


def _pairs(partner: IntArray, order: IntArray) -> Pairs:
    found = np.flatnonzero(partner >= 0)
    return Pairs(found, order[partner[found]])
