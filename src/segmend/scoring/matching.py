"""One-to-one matching of references and predictions.

Both functions take edges that may be matched and say which are, as a mask.
"""

from __future__ import annotations

import numpy as np

from segmend.core.types import BoolArray
from segmend.scoring.overlaps import Overlaps


def maximum(edges: Overlaps) -> BoolArray:
    """A matching with as many pairs as possible.

    Where edges form a staircase, taking every edge whose ends are both free, from left to right, is optimal: the
    first edge of a component has an end that nothing else touches. In a star (edges around one segment) one edge is
    taken: the first, unless it lost its other end to the star before, else the second. So an edge is taken if it opens
    a component, is not if it comes third or later in its star, and is otherwise the opposite of the edge before it;
    that recurrence needs no loop. Overlapping tables go through Hopcroft-Karp (``scipy.sparse.csgraph``).

    Returns:
        True for the matched edges, shape (edges,).
    """
    if not edges.staircase:
        return _general(edges)
    n = len(edges)
    same_reference = np.zeros(n, bool)
    same_prediction = np.zeros(n, bool)
    np.equal(edges.reference[1:], edges.reference[:-1], out=same_reference[1:])
    np.equal(edges.prediction[1:], edges.prediction[:-1], out=same_prediction[1:])
    opens = ~(same_reference | same_prediction)
    third = np.zeros(n, bool)
    third[1:] = (same_reference[1:] & same_reference[:-1]) | (same_prediction[1:] & same_prediction[:-1])
    position = np.arange(n)
    known = np.maximum.accumulate(np.where(opens | third, position, 0))
    return opens[known] ^ ((position - known) & 1).astype(bool)


def _general(edges: Overlaps) -> BoolArray:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    if not len(edges):
        return np.zeros(0, bool)
    shape = (int(edges.reference.max()) + 1, int(edges.prediction.max()) + 1)
    number = np.arange(1, len(edges) + 1)
    graph = csr_array((number, (edges.reference, edges.prediction)), shape=shape)
    partner = maximum_bipartite_matching(graph, perm_type="column")
    return partner[edges.reference] == edges.prediction


def in_time_order(edges: Overlaps, threshold: int) -> BoolArray:
    """The matching of the published evaluation scripts (Lea et al. 2017; Farha and Gall 2019).

    Predictions in time order; each looks only at the reference of its class with the largest IoU (the first of
    equals), and is matched if that IoU reaches the threshold and the reference is still free. Never better than
    ``maximum``.

    Args:
        edges: all pairs of one class that share a step.
        threshold: IoU in per cent, inclusive.
    """
    if not len(edges):
        return np.zeros(0, bool)
    ratio = edges.steps / edges.union
    order = np.lexsort((edges.reference, -ratio, edges.prediction))
    best = np.ones(len(edges), bool)
    best[1:] = edges.prediction[order][1:] != edges.prediction[order][:-1]
    chosen = order[best]
    chosen = chosen[edges.reaching(threshold)[chosen]]
    _, earliest = np.unique(edges.reference[chosen], return_index=True)
    matched = np.zeros(len(edges), bool)
    matched[chosen[earliest]] = True
    return matched
