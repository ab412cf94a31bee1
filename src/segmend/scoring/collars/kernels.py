"""The loops of matching, compiled; imported only when collars are asked for.

Nothing is stored per pair, so that memory does not grow with how many events fall into one collar.
"""

from __future__ import annotations

import numba
import numpy as np

from segmend.core.types import IntArray
from segmend.scoring.collars.windows import Windows


@numba.njit(cache=True, nogil=True)
def first_fit(turn: IntArray, seen: Windows) -> tuple[IntArray, IntArray]:
    """Give each reference in turn the first free prediction that it fits.

    Where the windows alone decide what fits, and references come in the order of the windows' ends, no matching is
    larger: a reference whose window ends sooner never does better with a later prediction (Glover 1967, "Maximum
    matching in a convex bipartite graph").

    Args:
        turn: references, in the order in which they choose.
        seen: what each may choose from.

    Returns:
        Prediction of each reference and reference of each prediction, -1 for none.
    """
    partner, owner = np.full(seen.begin.size, -1, np.int64), np.full(seen.other.size, -1, np.int64)
    after = np.arange(seen.other.size + 1)  # the next prediction that may be free
    for i in turn:
        j = _free(after, seen.begin[i])
        while j < seen.end[i] and not seen.low[i] <= seen.other[j] <= seen.high[i]:
            j = _free(after, j + 1)
        if j < seen.end[i]:
            partner[i], owner[j], after[j] = j, i, j + 1
    return partner, owner


@numba.njit(cache=True, nogil=True, inline="always")
def _free(after: IntArray, j: int) -> int:
    while after[j] != j:
        after[j] = after[after[j]]
        j = after[j]
    return j


@numba.njit(cache=True, nogil=True)
def augment(roots: IntArray, seen: Windows, partner: IntArray, owner: IntArray) -> None:
    """Enlarge a matching in place until it is largest, by a shortest augmenting path from each free reference.

    What a search without success has reached is of no use to any later one and is not reached again.

    Args:
        roots: references without a prediction that may get one.
        seen: what each may choose from.
        partner: prediction of each reference, -1 for none.
        owner: reference of each prediction, likewise.
    """
    reached = np.zeros(owner.size, np.bool_)
    via, tree = np.empty(owner.size, np.int64), np.empty(owner.size, np.int64)
    for root in roots:
        i, known, grown, last = root, 0, 0, -1
        while True:
            for j in range(seen.begin[i], seen.end[i]):
                if not reached[j] and seen.low[i] <= seen.other[j] <= seen.high[i]:
                    reached[j], via[j], tree[known] = True, i, j
                    known += 1
                    if owner[j] < 0:
                        last = j
                        break
            if last >= 0 or grown == known:
                break
            i = owner[tree[grown]]
            grown += 1
        if last >= 0:
            reached[tree[:known]] = False
        while last >= 0:
            i = via[last]
            owner[last] = i
            partner[i], last = last, partner[i]
