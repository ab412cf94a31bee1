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
    """Enlarge a matching in place until it is largest, by augmenting paths.

    Trees of alternating paths grow from all free references at once and share no prediction, so that a pass is linear
    but for predictions that lie in a window and out of bounds; each tree gives at most one path, and passes follow
    until none does.

    Args:
        roots: references that may get a prediction.
        seen: what each may choose from.
        partner: prediction of each reference, -1 for none.
        owner: reference of each prediction, likewise.
    """
    via, tree, queue = np.empty_like(owner), np.empty_like(partner), np.empty_like(partner)
    grows = True
    while grows:
        grows = False
        roots = roots[partner[roots] < 0]
        queue[: roots.size], tree[roots] = roots, roots
        after = np.arange(owner.size + 1)  # the next prediction that may be in no tree
        head, tail = 0, roots.size
        while head < tail:
            i = queue[head]
            head += 1
            j = _free(after, seen.begin[i])
            while j < seen.end[i] and partner[tree[i]] < 0:
                if seen.low[i] <= seen.other[j] <= seen.high[i]:
                    after[j], via[j] = j + 1, i
                    if owner[j] < 0:
                        _flip(j, via, partner, owner)
                        grows = True
                        break
                    queue[tail], tree[owner[j]] = owner[j], tree[i]
                    tail += 1
                j = _free(after, j + 1)


@numba.njit(cache=True, nogil=True)
def _flip(last: int, via: IntArray, partner: IntArray, owner: IntArray) -> None:
    """Match along the path that ends at a free prediction what is not, and part what is."""
    while last >= 0:
        i = via[last]
        owner[last] = i
        partner[i], last = last, partner[i]
